import Foundation

/// The forms in which an OCI image layout describes itself, as far as they are read and written here.
///
/// Names are those of the OCI image specification.
enum OCILayout {
    static let versionFile = "oci-layout"
    static let indexFile = "index.json"
    /// Of `docker save`.
    static let dockerFile = "manifest.json"

    static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    static let configType = "application/vnd.oci.image.config.v1+json"
    static let layerType = "application/vnd.oci.image.layer.v1.tar"

    struct Version: Codable { var imageLayoutVersion = "1.0.0" }

    struct Descriptor: Codable {
        struct Platform: Codable {
            var architecture: String
            var os: String
        }

        var mediaType: String?
        var digest: String
        var size: Int
        var platform: Platform?
        var annotations: [String: String]?
    }

    struct Index: Codable {
        var schemaVersion = 2
        var manifests: [Descriptor]
    }

    struct Manifest: Codable {
        var schemaVersion = 2
        var mediaType: String?
        var config: Descriptor
        var layers: [Descriptor]
    }

    struct Configuration: Codable {
        struct Run: Codable {
            var env: [String]
            var cmd: [String]

            enum CodingKeys: String, CodingKey {
                case env = "Env"
                case cmd = "Cmd"
            }
        }

        struct RootFileSystem: Codable {
            var type = "layers"
            var diffIDs: [String]

            enum CodingKeys: String, CodingKey {
                case type
                case diffIDs = "diff_ids"
            }
        }

        struct Step: Codable {
            var created: String
            var createdBy: String

            enum CodingKeys: String, CodingKey {
                case created
                case createdBy = "created_by"
            }
        }

        var created: String
        var architecture: String
        var os = "linux"
        var config: Run
        var rootfs: RootFileSystem
        var history: [Step]
    }

    /// An image of `docker save`.
    struct DockerImage: Codable {
        var layers: [String]

        enum CodingKeys: String, CodingKey { case layers = "Layers" }
    }

    /// Where a blob is; nil for a digest that is no digest of SHA-256.
    static func blob(_ digest: String) -> String? {
        let parts = digest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "sha256", parts[1].count == 64, parts[1].allSatisfy(\.isHexDigit) else {
            return nil
        }
        return "blobs/sha256/\(parts[1])"
    }

    /// This machine, as images name it.
    static var architecture: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        let machine = withUnsafeBytes(of: names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return ["x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"][machine] ?? machine
    }
}
