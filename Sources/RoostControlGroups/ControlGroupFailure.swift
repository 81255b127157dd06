import FoundationEssentials
import Glibc

/// A control group could not be made, limited, joined or removed.
public struct ControlGroupFailure: Error, Hashable, CustomStringConvertible {
    /// The file or folder that was refused.
    public let file: String
    /// The error's number.
    public let error: Int32

    init(_ file: String, _ error: Int32) { (self.file, self.error) = (file, error) }

    public var description: String { "\(file): \(String(cString: strerror(error)))" }
}
