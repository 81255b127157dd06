/// The value of a variable and where it comes from.
public struct PackerValue: Sendable {
    /// From the weakest to the strongest.
    public enum Origin: Int, Sendable {
        case defaultValue, environment, automaticFile, variableFile, argument
    }

    public let value: HCLValue
    public let origin: Origin
}
