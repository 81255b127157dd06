/// A file of a repository, as references to templates mean it.
public struct TemplateReference: Hashable, Sendable {
    /// `self`, or the alias of a repository resource.
    public var alias: String
    /// From the root of the repository, without a leading slash.
    public var path: String

    public init(alias: String = "self", path: String) {
        self.alias = alias
        self.path = path
    }

    /// The file that a name such as `/steps/build.yml@tools` means in this one; nil when it is no path in a repository.
    public func resolve(_ name: String) -> TemplateReference? {
        let own = TemplatePath.File(alias: alias, path: path)
        guard let file = try? TemplatePath(name).resolved(in: own) else { return nil }
        return TemplateReference(alias: file.alias, path: file.path)
    }
}
