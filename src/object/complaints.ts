import type { Complaint } from '../diagnostic/complaint.ts'
import { apiErrorKinds } from './api-error.ts'
import { unknownField, wrongType } from './decode.ts'
import { kindNotSet } from './flatten.ts'
import { alreadyExists, generateName, namespaceMismatch, noMatches } from './read-cluster.ts'
import { serverWarnings } from './warnings.ts'

/** Every kind of fault whose words are the API server's or kubectl's. */
export const serverComplaints: readonly Complaint[] = [
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
