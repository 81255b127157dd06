/// What a body may hold.
public struct HCLBodySchema: Sendable {
    /// An argument.
    public struct Attribute: Hashable, Sendable {
        public var name: String
        public var isRequired: Bool

        public init(_ name: String, required: Bool = false) {
            self.name = name
            isRequired = required
        }
    }

    /// A kind of block, with what its labels are called.
    public struct Block: Hashable, Sendable {
        public var type: String
        public var labelNames: [String]

        public init(_ type: String, labels: [String] = []) {
            self.type = type
            labelNames = labels
        }
    }

    public var attributes: [Attribute]
    public var blocks: [Block]

    public init(attributes: [Attribute] = [], blocks: [Block] = []) {
        self.attributes = attributes
        self.blocks = blocks
    }
}

/// What a body holds, as far as a schema asks for it.
public struct HCLBodyContent: Sendable {
    public var attributes: [String: HCLAttribute] = [:]
    /// In the order of the file.
    public var blocks: [HCLBlock] = []
    /// Where something that is missing would be added.
    public var missingRange: HCLRange

    init(missingRange: HCLRange) { self.missingRange = missingRange }
}
