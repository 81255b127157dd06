public import Foundation

/// What functions may know of the machine: files, the time, and where a template lies.
public struct HCLSystem: Sendable {
    /// Bytes of a file that functions read.
    static let sizeLimit = 16 << 20

    /// What paths are relative to: the folder of the template.
    public var folder: String
    /// The moment that `timestamp()` names, the same throughout.
    public var now: Date
    /// Random bytes; passed in, so that tests know them.
    public var random: @Sendable (Int) -> [UInt8]

    public init(
        folder: String,
        now: Date,
        random: @escaping @Sendable (Int) -> [UInt8] = { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }
    ) {
        self.folder = folder
        self.now = now
        self.random = random
    }

    /// The path of a file that a template names.
    func path(_ name: String) -> String {
        if name == "~" || name.hasPrefix("~/") { return NSHomeDirectory() + name.dropFirst() }
        return name.hasPrefix("/") ? name : "\(folder)/\(name)"
    }

    /// The bytes of a file that a template names.
    func read(_ name: String) throws -> [UInt8] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path(name), isDirectory: &isFolder) else {
            throw HCLFunctionFault("no file exists at \(path(name))", argument: 0)
        }
        guard !isFolder.boolValue, let handle = FileHandle(forReadingAtPath: path(name)) else {
            throw HCLFunctionFault("failed to read \(path(name))", argument: 0)
        }
        let data = try handle.read(upToCount: Self.sizeLimit + 1) ?? Data()
        guard data.count <= Self.sizeLimit else {
            throw HCLFunctionFault("\(path(name)) has more than \(Self.sizeLimit >> 20) MiB", argument: 0)
        }
        return [UInt8](data)
    }

    func readText(_ name: String) throws -> String {
        guard let text = String(validating: try read(name), as: UTF8.self) else {
            throw HCLFunctionFault(
                "contents of \(path(name)) are not valid UTF-8; filebase64 reads such files",
                argument: 0
            )
        }
        return text
    }
}
