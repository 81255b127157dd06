/// What was taken out of a body already, so that it is not unexpected in the rest.
struct HCLTakenNames: Sendable {
    var attributes: Set<String> = []
    var blocks: Set<String> = []

    func adding(_ schema: HCLBodySchema) -> HCLTakenNames {
        HCLTakenNames(
            attributes: attributes.union(schema.attributes.map(\.name)),
            blocks: blocks.union(schema.blocks.map(\.type))
        )
    }

    /// In the JSON syntax one name is not both.
    func contains(_ name: String) -> Bool { attributes.contains(name) || blocks.contains(name) }
}
