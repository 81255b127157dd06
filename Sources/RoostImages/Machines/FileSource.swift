/// What is brought into a machine.
public enum FileSource: Sendable, Hashable {
    case file(String)
    /// The folder itself below the destination, or with `contentsOnly`, as a slash at its end says, what is in it.
    case folder(String, contentsOnly: Bool)
    /// A file of these bytes, with a mode such as 0o755.
    case bytes([UInt8], mode: UInt16)
}
