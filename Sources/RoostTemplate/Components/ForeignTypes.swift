/// Components of plugins that are known by name only.
struct ForeignTypes: Sendable {
    /// Plugins all of whose components are named after them, such as `amazon` for `amazon-ebs`.
    let plugins: Set<String>
    /// Single types, by kind.
    let types: [ComponentKind: Set<String>]

    func contains(_ kind: ComponentKind, _ type: String) -> Bool {
        if types[kind]?.contains(type) == true { return true }
        // A prefix of the type that ends before a hyphen, or all of it.
        var ends = type.indices.filter { type[$0] == "-" }
        ends.append(type.endIndex)
        return ends.contains { plugins.contains(String(type[..<$0])) }
    }

    func names(_ kind: ComponentKind) -> [String] { (types[kind] ?? []).sorted() }
}
