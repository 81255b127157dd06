public import RoostModel

/// Hands on to a function what templates are asked for, for callers that keep texts of their own such as editors.
public struct ReadingTemplateLoader: TemplateLoader, Sendable {
    private let read: @Sendable (TemplateReference) -> Result<[UInt8], TemplateLoadFailure>

    public init(_ read: @escaping @Sendable (TemplateReference) -> Result<[UInt8], TemplateLoadFailure>) {
        self.read = read
    }

    public func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        read(TemplateReference(alias: repository.alias, path: path))
    }
}
