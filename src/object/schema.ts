/**
 * Every field of the kinds that are read, from the Go types of Kubernetes 1.36. One type a line, and
 * lines that are indented go on: `field:type`, or `field` alone for a string. `[]T` is a list of T,
 * `{}T` a map of T, `{K}T` one whose keys have the type K. What stands after `strings:` is a string
 * that Go knows by that name; `any` is whatever is written there.
 */
export const schema = `\
strings: AddressType AppArmorProfileType AzureDataDiskCachingMode AzureDataDiskKind Capability
  ClaimResourceStatus ConditionStatus ContainerRestartPolicy ContainerRestartRuleAction
  ContainerRestartRuleOnExitCodesOperator DNSPolicy DaemonSetConditionType
  DaemonSetUpdateStrategyType DeploymentConditionType DeploymentStrategyType FinalizerName
  HostPathType IPFamily IPFamilyPolicy LabelSelectorOperator LoadBalancerIPMode
  ManagedFieldsOperationType MountPropagationMode NamespaceConditionType NamespacePhase
  NodeAddressType NodeConditionType NodeInclusionPolicy NodePhase NodeSelectorOperator OSName
  PersistentVolumeAccessMode PersistentVolumeClaimConditionType
  PersistentVolumeClaimModifyVolumeStatus PersistentVolumeClaimPhase
  PersistentVolumeClaimRetentionPolicyType PersistentVolumeMode PodConditionType
  PodFSGroupChangePolicy PodManagementPolicyType PodPhase PodQOSClass PodResizeStatus
  PodSELinuxChangePolicy PreemptionPolicy ProcMountType Protocol PullPolicy RecursiveReadOnlyMode
  ReplicaSetConditionType ResourceHealthStatus ResourceID ResourceName ResourceResizeRestartPolicy
  RestartPolicy SeccompProfileType ServiceAffinity ServiceExternalTrafficPolicy
  ServiceInternalTrafficPolicy ServiceType Signal StatefulSetConditionType
  StatefulSetUpdateStrategyType StorageMedium SupplementalGroupsPolicy TaintEffect
  TerminationMessagePolicy TolerationOperator UID URIScheme UniqueVolumeName
  UnsatisfiableConstraintAction
ResourceList = {ResourceName}Quantity
Service: kind apiVersion metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus
ObjectMeta: name generateName namespace selfLink uid:UID resourceVersion generation:int64
  creationTimestamp:Time deletionTimestamp:Time deletionGracePeriodSeconds:int64 labels:{}string
  annotations:{}string ownerReferences:[]OwnerReference finalizers:[]string
  managedFields:[]ManagedFieldsEntry
OwnerReference: apiVersion kind name uid:UID controller:bool blockOwnerDeletion:bool
ManagedFieldsEntry: manager operation:ManagedFieldsOperationType apiVersion time:Time fieldsType
  fieldsV1:any subresource
ServiceSpec: ports:[]ServicePort selector:{}string clusterIP clusterIPs:[]string type:ServiceType
  externalIPs:[]string sessionAffinity:ServiceAffinity loadBalancerIP
  loadBalancerSourceRanges:[]string externalName
  externalTrafficPolicy:ServiceExternalTrafficPolicy healthCheckNodePort:int32
  publishNotReadyAddresses:bool sessionAffinityConfig:SessionAffinityConfig ipFamilies:[]IPFamily
  ipFamilyPolicy:IPFamilyPolicy allocateLoadBalancerNodePorts:bool loadBalancerClass
  internalTrafficPolicy:ServiceInternalTrafficPolicy trafficDistribution
ServicePort: name protocol:Protocol appProtocol port:int32 targetPort:IntOrString nodePort:int32
SessionAffinityConfig: clientIP:ClientIPConfig
ClientIPConfig: timeoutSeconds:int32
ServiceStatus: loadBalancer:LoadBalancerStatus conditions:[]Condition
LoadBalancerStatus: ingress:[]LoadBalancerIngress
LoadBalancerIngress: ip hostname ipMode:LoadBalancerIPMode ports:[]PortStatus
PortStatus: port:int32 protocol:Protocol error
Condition: type status:ConditionStatus observedGeneration:int64 lastTransitionTime:Time reason
  message
Endpoints: kind apiVersion metadata:ObjectMeta subsets:[]EndpointSubset
EndpointSubset: addresses:[]EndpointAddress notReadyAddresses:[]EndpointAddress
  ports:[]EndpointPort
EndpointAddress: ip hostname nodeName targetRef:ObjectReference
ObjectReference: kind namespace name uid:UID apiVersion resourceVersion fieldPath
EndpointPort: name port:int32 protocol:Protocol appProtocol
EndpointSlice: kind apiVersion metadata:ObjectMeta addressType:AddressType endpoints:[]Endpoint
  ports:[]discovery.EndpointPort
Endpoint: addresses:[]string conditions:EndpointConditions hostname targetRef:ObjectReference
  deprecatedTopology:{}string nodeName zone hints:EndpointHints
EndpointConditions: ready:bool serving:bool terminating:bool
EndpointHints: forZones:[]ForZone forNodes:[]ForNode
ForZone: name
ForNode: name
discovery.EndpointPort: name protocol:Protocol port:int32 appProtocol
Pod: kind apiVersion metadata:ObjectMeta spec:PodSpec status:PodStatus
PodSpec: volumes:[]Volume initContainers:[]Container containers:[]Container
  ephemeralContainers:[]EphemeralContainer restartPolicy:RestartPolicy
  terminationGracePeriodSeconds:int64 activeDeadlineSeconds:int64 dnsPolicy:DNSPolicy
  nodeSelector:{}string serviceAccountName serviceAccount automountServiceAccountToken:bool
  nodeName hostNetwork:bool hostPID:bool hostIPC:bool shareProcessNamespace:bool
  securityContext:PodSecurityContext imagePullSecrets:[]LocalObjectReference hostname subdomain
  affinity:Affinity schedulerName tolerations:[]Toleration hostAliases:[]HostAlias
  priorityClassName priority:int32 dnsConfig:PodDNSConfig readinessGates:[]PodReadinessGate
  runtimeClassName enableServiceLinks:bool preemptionPolicy:PreemptionPolicy overhead:ResourceList
  topologySpreadConstraints:[]TopologySpreadConstraint setHostnameAsFQDN:bool os:PodOS
  hostUsers:bool schedulingGates:[]PodSchedulingGate resourceClaims:[]PodResourceClaim
  resources:ResourceRequirements hostnameOverride schedulingGroup:PodSchedulingGroup
Volume: name hostPath:HostPathVolumeSource emptyDir:EmptyDirVolumeSource
  gcePersistentDisk:GCEPersistentDiskVolumeSource
  awsElasticBlockStore:AWSElasticBlockStoreVolumeSource gitRepo:GitRepoVolumeSource
  secret:SecretVolumeSource nfs:NFSVolumeSource iscsi:ISCSIVolumeSource
  glusterfs:GlusterfsVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource
  rbd:RBDVolumeSource flexVolume:FlexVolumeSource cinder:CinderVolumeSource
  cephfs:CephFSVolumeSource flocker:FlockerVolumeSource downwardAPI:DownwardAPIVolumeSource
  fc:FCVolumeSource azureFile:AzureFileVolumeSource configMap:ConfigMapVolumeSource
  vsphereVolume:VsphereVirtualDiskVolumeSource quobyte:QuobyteVolumeSource
  azureDisk:AzureDiskVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource
  projected:ProjectedVolumeSource portworxVolume:PortworxVolumeSource scaleIO:ScaleIOVolumeSource
  storageos:StorageOSVolumeSource csi:CSIVolumeSource ephemeral:EphemeralVolumeSource
  image:ImageVolumeSource
HostPathVolumeSource: path type:HostPathType
EmptyDirVolumeSource: medium:StorageMedium sizeLimit:Quantity
GCEPersistentDiskVolumeSource: pdName fsType partition:int32 readOnly:bool
AWSElasticBlockStoreVolumeSource: volumeID fsType partition:int32 readOnly:bool
GitRepoVolumeSource: repository revision directory
SecretVolumeSource: secretName items:[]KeyToPath defaultMode:int32 optional:bool
KeyToPath: key path mode:int32
NFSVolumeSource: server path readOnly:bool
ISCSIVolumeSource: targetPortal iqn lun:int32 iscsiInterface fsType readOnly:bool portals:[]string
  chapAuthDiscovery:bool chapAuthSession:bool secretRef:LocalObjectReference initiatorName
LocalObjectReference: name
GlusterfsVolumeSource: endpoints path readOnly:bool
PersistentVolumeClaimVolumeSource: claimName readOnly:bool
RBDVolumeSource: monitors:[]string image fsType pool user keyring secretRef:LocalObjectReference
  readOnly:bool
FlexVolumeSource: driver fsType secretRef:LocalObjectReference readOnly:bool options:{}string
CinderVolumeSource: volumeID fsType readOnly:bool secretRef:LocalObjectReference
CephFSVolumeSource: monitors:[]string path user secretFile secretRef:LocalObjectReference
  readOnly:bool
FlockerVolumeSource: datasetName datasetUUID
DownwardAPIVolumeSource: items:[]DownwardAPIVolumeFile defaultMode:int32
DownwardAPIVolumeFile: path fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector
  mode:int32
ObjectFieldSelector: apiVersion fieldPath
ResourceFieldSelector: containerName resource divisor:Quantity
FCVolumeSource: targetWWNs:[]string lun:int32 fsType readOnly:bool wwids:[]string
AzureFileVolumeSource: secretName shareName readOnly:bool
ConfigMapVolumeSource: name items:[]KeyToPath defaultMode:int32 optional:bool
VsphereVirtualDiskVolumeSource: volumePath fsType storagePolicyName storagePolicyID
QuobyteVolumeSource: registry volume readOnly:bool user group tenant
AzureDiskVolumeSource: diskName diskURI cachingMode:AzureDataDiskCachingMode fsType readOnly:bool
  kind:AzureDataDiskKind
PhotonPersistentDiskVolumeSource: pdID fsType
ProjectedVolumeSource: sources:[]VolumeProjection defaultMode:int32
VolumeProjection: secret:SecretProjection downwardAPI:DownwardAPIProjection
  configMap:ConfigMapProjection serviceAccountToken:ServiceAccountTokenProjection
  clusterTrustBundle:ClusterTrustBundleProjection podCertificate:PodCertificateProjection
SecretProjection: name items:[]KeyToPath optional:bool
DownwardAPIProjection: items:[]DownwardAPIVolumeFile
ConfigMapProjection: name items:[]KeyToPath optional:bool
ServiceAccountTokenProjection: audience expirationSeconds:int64 path
ClusterTrustBundleProjection: name signerName labelSelector:LabelSelector optional:bool path
LabelSelector: matchLabels:{}string matchExpressions:[]LabelSelectorRequirement
LabelSelectorRequirement: key operator:LabelSelectorOperator values:[]string
PodCertificateProjection: signerName keyType maxExpirationSeconds:int32 credentialBundlePath
  keyPath certificateChainPath userAnnotations:{}string
PortworxVolumeSource: volumeID fsType readOnly:bool
ScaleIOVolumeSource: gateway system secretRef:LocalObjectReference sslEnabled:bool
  protectionDomain storagePool storageMode volumeName fsType readOnly:bool
StorageOSVolumeSource: volumeName volumeNamespace fsType readOnly:bool
  secretRef:LocalObjectReference
CSIVolumeSource: driver readOnly:bool fsType volumeAttributes:{}string
  nodePublishSecretRef:LocalObjectReference
EphemeralVolumeSource: volumeClaimTemplate:PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate: metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeClaimSpec: accessModes:[]PersistentVolumeAccessMode selector:LabelSelector
  resources:VolumeResourceRequirements volumeName storageClassName volumeMode:PersistentVolumeMode
  dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference
  volumeAttributesClassName
VolumeResourceRequirements: limits:ResourceList requests:ResourceList
TypedLocalObjectReference: apiGroup kind name
TypedObjectReference: apiGroup kind name namespace
ImageVolumeSource: reference pullPolicy:PullPolicy
Container: name image command:[]string args:[]string workingDir ports:[]ContainerPort
  envFrom:[]EnvFromSource env:[]EnvVar resources:ResourceRequirements
  resizePolicy:[]ContainerResizePolicy restartPolicy:ContainerRestartPolicy
  restartPolicyRules:[]ContainerRestartRule volumeMounts:[]VolumeMount
  volumeDevices:[]VolumeDevice livenessProbe:Probe readinessProbe:Probe startupProbe:Probe
  lifecycle:Lifecycle terminationMessagePath terminationMessagePolicy:TerminationMessagePolicy
  imagePullPolicy:PullPolicy securityContext:SecurityContext stdin:bool stdinOnce:bool tty:bool
ContainerPort: name hostPort:int32 containerPort:int32 protocol:Protocol hostIP
EnvFromSource: prefix configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource
ConfigMapEnvSource: name optional:bool
SecretEnvSource: name optional:bool
EnvVar: name value valueFrom:EnvVarSource
EnvVarSource: fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector
  configMapKeyRef:ConfigMapKeySelector secretKeyRef:SecretKeySelector fileKeyRef:FileKeySelector
ConfigMapKeySelector: name key optional:bool
SecretKeySelector: name key optional:bool
FileKeySelector: volumeName path key optional:bool
ResourceRequirements: limits:ResourceList requests:ResourceList claims:[]ResourceClaim
ResourceClaim: name request
ContainerResizePolicy: resourceName:ResourceName restartPolicy:ResourceResizeRestartPolicy
ContainerRestartRule: action:ContainerRestartRuleAction exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: operator:ContainerRestartRuleOnExitCodesOperator values:[]int32
VolumeMount: name readOnly:bool recursiveReadOnly:RecursiveReadOnlyMode mountPath subPath
  mountPropagation:MountPropagationMode subPathExpr
VolumeDevice: name devicePath
Probe: exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:GRPCAction
  initialDelaySeconds:int32 timeoutSeconds:int32 periodSeconds:int32 successThreshold:int32
  failureThreshold:int32 terminationGracePeriodSeconds:int64
ExecAction: command:[]string
HTTPGetAction: path port:IntOrString host scheme:URIScheme httpHeaders:[]HTTPHeader
HTTPHeader: name value
TCPSocketAction: port:IntOrString host
GRPCAction: port:int32 service
Lifecycle: postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:Signal
LifecycleHandler: exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction
  sleep:SleepAction
SleepAction: seconds:int64
SecurityContext: capabilities:Capabilities privileged:bool seLinuxOptions:SELinuxOptions
  windowsOptions:WindowsSecurityContextOptions runAsUser:int64 runAsGroup:int64 runAsNonRoot:bool
  readOnlyRootFilesystem:bool allowPrivilegeEscalation:bool procMount:ProcMountType
  seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile
Capabilities: add:[]Capability drop:[]Capability
SELinuxOptions: user role type level
WindowsSecurityContextOptions: gmsaCredentialSpecName gmsaCredentialSpec runAsUserName
  hostProcess:bool
SeccompProfile: type:SeccompProfileType localhostProfile
AppArmorProfile: type:AppArmorProfileType localhostProfile
EphemeralContainer: name image command:[]string args:[]string workingDir ports:[]ContainerPort
  envFrom:[]EnvFromSource env:[]EnvVar resources:ResourceRequirements
  resizePolicy:[]ContainerResizePolicy restartPolicy:ContainerRestartPolicy
  restartPolicyRules:[]ContainerRestartRule volumeMounts:[]VolumeMount
  volumeDevices:[]VolumeDevice livenessProbe:Probe readinessProbe:Probe startupProbe:Probe
  lifecycle:Lifecycle terminationMessagePath terminationMessagePolicy:TerminationMessagePolicy
  imagePullPolicy:PullPolicy securityContext:SecurityContext stdin:bool stdinOnce:bool tty:bool
  targetContainerName
PodSecurityContext: seLinuxOptions:SELinuxOptions windowsOptions:WindowsSecurityContextOptions
  runAsUser:int64 runAsGroup:int64 runAsNonRoot:bool supplementalGroups:[]int64
  supplementalGroupsPolicy:SupplementalGroupsPolicy fsGroup:int64 sysctls:[]Sysctl
  fsGroupChangePolicy:PodFSGroupChangePolicy seccompProfile:SeccompProfile
  appArmorProfile:AppArmorProfile seLinuxChangePolicy:PodSELinuxChangePolicy
Sysctl: name value
Affinity: nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
NodeSelector: nodeSelectorTerms:[]NodeSelectorTerm
NodeSelectorTerm: matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement
NodeSelectorRequirement: key operator:NodeSelectorOperator values:[]string
PreferredSchedulingTerm: weight:int32 preference:NodeSelectorTerm
PodAffinity: requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
  preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
PodAffinityTerm: labelSelector:LabelSelector namespaces:[]string topologyKey
  namespaceSelector:LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string
WeightedPodAffinityTerm: weight:int32 podAffinityTerm:PodAffinityTerm
PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
  preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
Toleration: key operator:TolerationOperator value effect:TaintEffect tolerationSeconds:int64
HostAlias: ip hostnames:[]string
PodDNSConfig: nameservers:[]string searches:[]string options:[]PodDNSConfigOption
PodDNSConfigOption: name value
PodReadinessGate: conditionType:PodConditionType
TopologySpreadConstraint: maxSkew:int32 topologyKey
  whenUnsatisfiable:UnsatisfiableConstraintAction labelSelector:LabelSelector minDomains:int32
  nodeAffinityPolicy:NodeInclusionPolicy nodeTaintsPolicy:NodeInclusionPolicy
  matchLabelKeys:[]string
PodOS: name:OSName
PodSchedulingGate: name
PodResourceClaim: name resourceClaimName resourceClaimTemplateName
PodSchedulingGroup: podGroupName
PodStatus: observedGeneration:int64 phase:PodPhase conditions:[]PodCondition message reason
  nominatedNodeName hostIP hostIPs:[]HostIP podIP podIPs:[]PodIP startTime:Time
  initContainerStatuses:[]ContainerStatus containerStatuses:[]ContainerStatus qosClass:PodQOSClass
  ephemeralContainerStatuses:[]ContainerStatus resize:PodResizeStatus
  resourceClaimStatuses:[]PodResourceClaimStatus
  extendedResourceClaimStatus:PodExtendedResourceClaimStatus allocatedResources:ResourceList
  resources:ResourceRequirements
  nodeAllocatableResourceClaimStatuses:[]NodeAllocatableResourceClaimStatus
PodCondition: type:PodConditionType observedGeneration:int64 status:ConditionStatus
  lastProbeTime:Time lastTransitionTime:Time reason message
HostIP: ip
PodIP: ip
ContainerStatus: name state:ContainerState lastState:ContainerState ready:bool restartCount:int32
  image imageID containerID started:bool allocatedResources:ResourceList
  resources:ResourceRequirements volumeMounts:[]VolumeMountStatus user:ContainerUser
  allocatedResourcesStatus:[]ResourceStatus stopSignal:Signal
ContainerState: waiting:ContainerStateWaiting running:ContainerStateRunning
  terminated:ContainerStateTerminated
ContainerStateWaiting: reason message
ContainerStateRunning: startedAt:Time
ContainerStateTerminated: exitCode:int32 signal:int32 reason message startedAt:Time
  finishedAt:Time containerID
VolumeMountStatus: name mountPath readOnly:bool recursiveReadOnly:RecursiveReadOnlyMode
  volumeStatus:VolumeStatus
VolumeStatus: image:ImageVolumeStatus
ImageVolumeStatus: imageRef
ContainerUser: linux:LinuxContainerUser
LinuxContainerUser: uid:int64 gid:int64 supplementalGroups:[]int64
ResourceStatus: name:ResourceName resources:[]ResourceHealth
ResourceHealth: resourceID:ResourceID health:ResourceHealthStatus message
PodResourceClaimStatus: name resourceClaimName
PodExtendedResourceClaimStatus: requestMappings:[]ContainerExtendedResourceRequest
  resourceClaimName
ContainerExtendedResourceRequest: containerName resourceName requestName
NodeAllocatableResourceClaimStatus: resourceClaimName containers:[]string
  resources:{ResourceName}Quantity
Node: kind apiVersion metadata:ObjectMeta spec:NodeSpec status:NodeStatus
NodeSpec: podCIDR podCIDRs:[]string providerID unschedulable:bool taints:[]Taint
  configSource:NodeConfigSource externalID
Taint: key value effect:TaintEffect timeAdded:Time
NodeConfigSource: configMap:ConfigMapNodeConfigSource
ConfigMapNodeConfigSource: namespace name uid:UID resourceVersion kubeletConfigKey
NodeStatus: capacity:ResourceList allocatable:ResourceList phase:NodePhase
  conditions:[]NodeCondition addresses:[]NodeAddress daemonEndpoints:NodeDaemonEndpoints
  nodeInfo:NodeSystemInfo images:[]ContainerImage volumesInUse:[]UniqueVolumeName
  volumesAttached:[]AttachedVolume config:NodeConfigStatus runtimeHandlers:[]NodeRuntimeHandler
  features:NodeFeatures declaredFeatures:[]string
NodeCondition: type:NodeConditionType status:ConditionStatus lastHeartbeatTime:Time
  lastTransitionTime:Time reason message
NodeAddress: type:NodeAddressType address
NodeDaemonEndpoints: kubeletEndpoint:DaemonEndpoint
DaemonEndpoint: Port:int32
NodeSystemInfo: machineID systemUUID bootID kernelVersion osImage containerRuntimeVersion
  kubeletVersion kubeProxyVersion operatingSystem architecture swap:NodeSwapStatus
NodeSwapStatus: capacity:int64
ContainerImage: names:[]string sizeBytes:int64
AttachedVolume: name:UniqueVolumeName devicePath
NodeConfigStatus: assigned:NodeConfigSource active:NodeConfigSource lastKnownGood:NodeConfigSource
  error
NodeRuntimeHandler: name features:NodeRuntimeHandlerFeatures
NodeRuntimeHandlerFeatures: recursiveReadOnlyMounts:bool userNamespaces:bool
NodeFeatures: supplementalGroupsPolicy:bool
Namespace: kind apiVersion metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus
NamespaceSpec: finalizers:[]FinalizerName
NamespaceStatus: phase:NamespacePhase conditions:[]NamespaceCondition
NamespaceCondition: type:NamespaceConditionType status:ConditionStatus lastTransitionTime:Time
  reason message
Deployment: kind apiVersion metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus
DeploymentSpec: replicas:int32 selector:LabelSelector template:PodTemplateSpec
  strategy:DeploymentStrategy minReadySeconds:int32 revisionHistoryLimit:int32 paused:bool
  progressDeadlineSeconds:int32
PodTemplateSpec: metadata:ObjectMeta spec:PodSpec
DeploymentStrategy: type:DeploymentStrategyType rollingUpdate:RollingUpdateDeployment
RollingUpdateDeployment: maxUnavailable:IntOrString maxSurge:IntOrString
DeploymentStatus: observedGeneration:int64 replicas:int32 updatedReplicas:int32
  readyReplicas:int32 availableReplicas:int32 unavailableReplicas:int32 terminatingReplicas:int32
  conditions:[]DeploymentCondition collisionCount:int32
DeploymentCondition: type:DeploymentConditionType status:ConditionStatus lastUpdateTime:Time
  lastTransitionTime:Time reason message
ReplicaSet: kind apiVersion metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
ReplicaSetSpec: replicas:int32 minReadySeconds:int32 selector:LabelSelector
  template:PodTemplateSpec
ReplicaSetStatus: replicas:int32 fullyLabeledReplicas:int32 readyReplicas:int32
  availableReplicas:int32 terminatingReplicas:int32 observedGeneration:int64
  conditions:[]ReplicaSetCondition
ReplicaSetCondition: type:ReplicaSetConditionType status:ConditionStatus lastTransitionTime:Time
  reason message
StatefulSet: kind apiVersion metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
StatefulSetSpec: replicas:int32 selector:LabelSelector template:PodTemplateSpec
  volumeClaimTemplates:[]PersistentVolumeClaim serviceName
  podManagementPolicy:PodManagementPolicyType updateStrategy:StatefulSetUpdateStrategy
  revisionHistoryLimit:int32 minReadySeconds:int32
  persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
  ordinals:StatefulSetOrdinals
PersistentVolumeClaim: kind apiVersion metadata:ObjectMeta spec:PersistentVolumeClaimSpec
  status:PersistentVolumeClaimStatus
PersistentVolumeClaimStatus: phase:PersistentVolumeClaimPhase
  accessModes:[]PersistentVolumeAccessMode capacity:ResourceList
  conditions:[]PersistentVolumeClaimCondition allocatedResources:ResourceList
  allocatedResourceStatuses:{ResourceName}ClaimResourceStatus currentVolumeAttributesClassName
  modifyVolumeStatus:ModifyVolumeStatus
PersistentVolumeClaimCondition: type:PersistentVolumeClaimConditionType status:ConditionStatus
  lastProbeTime:Time lastTransitionTime:Time reason message
ModifyVolumeStatus: targetVolumeAttributesClassName status:PersistentVolumeClaimModifyVolumeStatus
StatefulSetUpdateStrategy: type:StatefulSetUpdateStrategyType
  rollingUpdate:RollingUpdateStatefulSetStrategy
RollingUpdateStatefulSetStrategy: partition:int32 maxUnavailable:IntOrString
StatefulSetPersistentVolumeClaimRetentionPolicy:
  whenDeleted:PersistentVolumeClaimRetentionPolicyType
  whenScaled:PersistentVolumeClaimRetentionPolicyType
StatefulSetOrdinals: start:int32
StatefulSetStatus: observedGeneration:int64 replicas:int32 readyReplicas:int32
  currentReplicas:int32 updatedReplicas:int32 currentRevision updateRevision collisionCount:int32
  conditions:[]StatefulSetCondition availableReplicas:int32
StatefulSetCondition: type:StatefulSetConditionType status:ConditionStatus lastTransitionTime:Time
  reason message
DaemonSet: kind apiVersion metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
DaemonSetSpec: selector:LabelSelector template:PodTemplateSpec
  updateStrategy:DaemonSetUpdateStrategy minReadySeconds:int32 revisionHistoryLimit:int32
DaemonSetUpdateStrategy: type:DaemonSetUpdateStrategyType rollingUpdate:RollingUpdateDaemonSet
RollingUpdateDaemonSet: maxUnavailable:IntOrString maxSurge:IntOrString
DaemonSetStatus: currentNumberScheduled:int32 numberMisscheduled:int32
  desiredNumberScheduled:int32 numberReady:int32 observedGeneration:int64
  updatedNumberScheduled:int32 numberAvailable:int32 numberUnavailable:int32 collisionCount:int32
  conditions:[]DaemonSetCondition
DaemonSetCondition: type:DaemonSetConditionType status:ConditionStatus lastTransitionTime:Time
  reason message
`
