/// What a target made, or what a post-processor made of it.
public struct ImageArtifact: Sendable, Hashable {
    /// Who made it, as scripts know it: `packer.file`.
    public var builderID: String
    public var id: String
    /// In words: `Stored file: image.tar`.
    public var text: String
    /// The files that it consists of.
    public var files: [String]

    public init(builderID: String, id: String, text: String, files: [String] = []) {
        self.builderID = builderID
        self.id = id
        self.text = text
        self.files = files
    }
}
