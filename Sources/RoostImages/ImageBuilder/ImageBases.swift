public import Foundation
public import RoostModel
import RoostTemplate

/// What this machine has for the images that templates of clouds begin with.
///
/// A JSON file says it: names of images, and for each a root file system, or settings of `roost-rootfs`.
///
/// ```json
/// {
///   "canonical:ubuntu-24_04-lts:server": "bases/noble.tar.zst",
///   "debian:debian-13:13": { "bootstrap": { "suite": "trixie" }, "network": "host" },
///   "agents/base": "bases/agents.tar.zst"
/// }
/// ```
public struct ImageBases: Sendable {
    /// Settings by names in small letters.
    private var entries: [String: ImageSettings] = [:]

    public init() {}

    /// The bases of a file; relative paths in it begin at its folder.
    ///
    /// - Throws: ``ImageBasesFailure``.
    public init(file path: String) throws(ImageBasesFailure) {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try self.init(data, folder: folder, path: path)
    }

    /// The bases of a text.
    public init(_ data: Data, folder: String, path: String) throws(ImageBasesFailure) {
        let entries: [String: Entry]
        do { entries = try JSONDecoder().decode([String: Entry].self, from: data) } catch {
            throw .unreadable(path: path, reason: "it is no object of names with paths or settings")
        }
        for (name, entry) in entries { self.entries[name.lowercased()] = entry.settings(in: folder) }
    }

    /// What a base is here, by the first of its names that is known.
    func settings(for base: ImageBase) -> ImageSettings? {
        Self.names(of: base).lazy.compactMap { entries[$0.lowercased()] }.first
    }

    /// The names that a base may stand under, the most exact first.
    static func names(of base: ImageBase) -> [String] {
        switch base {
        case .marketplace(let image):
            let name = "\(image.publisher):\(image.offer):\(image.sku)"
            return ["\(name):\(image.version)", name]
        case .managedImage(let image): return ["\(image.resourceGroup)/\(image.name)", image.name]
        case .galleryVersion(let version):
            let name = "\(version.image.gallery)/\(version.image.image)"
            return ["\(name)/\(version.version)", name]
        default: return []
        }
    }

    /// A path, or settings.
    private struct Entry: Decodable {
        private var path: String?
        private var options: Options?

        struct Options: Decodable {
            var base: String?
            var bootstrap: Bootstrap?
            var network: String?
            var hostname: String?
        }

        struct Bootstrap: Decodable {
            var suite: String
            var mirror: String?
            var packages: [String]?
            var variant: String?
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let path = try? container.decode(String.self) {
                self.path = path
            } else {
                options = try container.decode(Options.self)
            }
        }

        func settings(in folder: String) -> ImageSettings {
            var settings = ImageSettings()
            if let path = path ?? options?.base {
                settings.set("base", path.hasPrefix("/") ? path : "\(folder)/\(path)")
            }
            if let bootstrap = options?.bootstrap {
                var block = ImageSettings()
                block.set("suite", bootstrap.suite)
                if let mirror = bootstrap.mirror { block.set("mirror", mirror) }
                if let variant = bootstrap.variant { block.set("variant", variant) }
                let packages = (bootstrap.packages ?? []).map { SettingValue(.text($0)) }
                if !packages.isEmpty { block.set("packages", SettingValue(.list(packages))) }
                settings.set("bootstrap", SettingValue(.object(block)))
            }
            if let network = options?.network { settings.set("network", network) }
            if let name = options?.hostname { settings.set("hostname", name) }
            return settings
        }
    }
}

extension ImageSettings {
    fileprivate mutating func set(_ name: String, _ text: String) { set(name, SettingValue(.text(text))) }
}

/// Why the file of bases says nothing.
public enum ImageBasesFailure: UserFacingError, Hashable {
    case unreadable(path: String, reason: String)

    public var code: String { "image-bases.unreadable" }

    public var summary: String {
        switch self {
        case .unreadable(let path, let reason): "The bases in \(path) cannot be read: \(reason)"
        }
    }

    public var advice: String? { "Write {\"publisher:offer:sku\": \"base.tar.zst\"}." }
}
