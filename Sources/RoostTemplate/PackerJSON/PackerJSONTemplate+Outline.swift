extension PackerJSONTemplate {
    /// What a template says it has, before names and values are put in.
    public struct Outline: Sendable {
        /// By their names as they are written.
        public let builders: [(name: String, type: String)]
        /// Types, in their order.
        public let provisioners: [String]
    }

    /// The outline of a template, as far as it can be read.
    public static func outline(_ bytes: [UInt8], name: String) -> Outline {
        let (syntax, _) = PackerJSONReader.read(HCLJSONReader.read(bytes, name: name))
        return Outline(
            builders: syntax.builders.map { ($0.rawName, $0.type.text) }.sorted { $0.0 < $1.0 },
            provisioners: syntax.provisioners.map(\.type.text)
        )
    }
}
