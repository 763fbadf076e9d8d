import type { Complaint } from '../diagnostic/complaint.ts'
import { complaints } from '../diagnostic/complaints.ts'
import { apiErrorKinds } from './api-error.ts'
import { unknownField, wrongType } from './decode.ts'
import { kindNotSet } from './flatten.ts'
import { alreadyExists, generateName, namespaceMismatch, noMatches } from './read-cluster.ts'
import { serverWarnings } from './warnings.ts'

/** Every kind of fault there is: those in our own words, and those in the API server's or kubectl's. */
export const everyComplaint: readonly Complaint[] = [
  ...complaints,
  kindNotSet,
  noMatches,
  wrongType,
  unknownField,
  namespaceMismatch,
  generateName,
  alreadyExists,
  ...apiErrorKinds,
  ...serverWarnings,
]
