/// What a component does in a build.
public enum ComponentKind: String, Sendable, Hashable, CaseIterable {
    case builder
    case provisioner
    case postProcessor = "post-processor"
    case dataSource = "data source"
}
