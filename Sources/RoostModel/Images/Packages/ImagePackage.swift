/// A package that is installed in an image.
public struct ImagePackage: Hashable, Sendable, Codable {
    /// Who keeps the list of packages, which decides how versions compare.
    public enum Kind: String, Sendable, Codable, CaseIterable { case deb, rpm, apk }

    public var kind: Kind
    public var name: String
    public var version: String
    public var architecture: String
    /// The source that it was built from, when that has another name.
    public var source: String?
    /// As its list says, when it does.
    public var license: String?

    public init(
        kind: Kind,
        name: String,
        version: String,
        architecture: String,
        source: String? = nil,
        license: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.architecture = architecture
        self.source = source
        self.license = license
    }

    /// Its package URL, within a distribution.
    public func url(in system: ImageSystem) -> String {
        let namespace = system.id.isEmpty ? "" : "\(Self.escaped(system.id))/"
        let distribution = system.version.isEmpty ? "" : "&distro=\(Self.escaped("\(system.id)-\(system.version)"))"
        return "pkg:\(kind.rawValue)/\(namespace)\(Self.escaped(name))@\(Self.escaped(version))"
            + "?arch=\(Self.escaped(architecture))\(distribution)"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ":"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default: escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}

/// The system that an image holds, as its `os-release` names it.
public struct ImageSystem: Hashable, Sendable, Codable {
    /// Such as `debian`; empty when it does not say.
    public var id: String
    /// Such as `13`.
    public var version: String
    /// For people.
    public var name: String

    public init(id: String = "", version: String = "", name: String = "") {
        self.id = id
        self.version = version
        self.name = name
    }

    /// Reads the text of an os-release file; see os-release(5).
    public init(osRelease text: String) {
        self.init()
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let value = String(line[line.index(after: equals)...].filter { $0 != "\"" && $0 != "'" })
            switch line[..<equals] {
            case "ID": id = value
            case "VERSION_ID": version = value
            case "PRETTY_NAME": name = value
            default: continue
            }
        }
    }
}

/// What was found in a finished image.
public struct ImageInventory: Hashable, Sendable, Codable {
    /// The file of a version that holds it.
    public static let file = "inventory.json"

    public var system: ImageSystem
    /// By name, then architecture.
    public var packages: [ImagePackage]
    public var capabilities: [String: String]

    public init(system: ImageSystem, packages: [ImagePackage], capabilities: [String: String]) {
        self.system = system
        self.packages = packages.sorted {
            ($0.name, $0.architecture, $0.version) < ($1.name, $1.architecture, $1.version)
        }
        self.capabilities = capabilities
    }
}
