import Foundation

/// The file of the post-processor `manifest`; its names are those of the file.
struct BuildManifest: Decodable {
    struct File: Decodable {
        var name: String
        var size: Int
    }

    struct Build: Decodable {
        var name: String
        var builder_type: String
        var build_time: Int?
        var files: [File]?
        var artifact_id: String
        var packer_run_uuid: String
        var custom_data: [String: String]?
    }

    var builds: [Build]
    var last_run_uuid: String

    var lastRunID: String {
        get { last_run_uuid }
        set { last_run_uuid = newValue }
    }

    /// That of a file; an empty one when there is none.
    static func read(_ path: String) throws(ImageBuildFailure) -> BuildManifest {
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else {
            return BuildManifest(builds: [], last_run_uuid: "")
        }
        do { return try JSONDecoder().decode(BuildManifest.self, from: data) } catch {
            throw .file(
                path: path,
                reason: "it is there already and is no manifest; remove it or choose another output"
            )
        }
    }

    /// As packer lays it out.
    var text: String {
        let builds = builds.map(\.text).joined(separator: ",\n")
        let list = builds.isEmpty ? "[]" : "[\n\(builds)\n  ]"
        return "{\n  \"builds\": \(list),\n  \"last_run_uuid\": \(JSONText.string(last_run_uuid))\n}"
    }
}

extension BuildManifest.Build {
    fileprivate var text: String {
        var members = [
            "\"name\": \(JSONText.string(name))", "\"builder_type\": \(JSONText.string(builder_type))",
        ]
        if let build_time { members.append("\"build_time\": \(build_time)") }
        members += [
            "\"files\": \(filesText)", "\"artifact_id\": \(JSONText.string(artifact_id))",
            "\"packer_run_uuid\": \(JSONText.string(packer_run_uuid))", "\"custom_data\": \(customText)",
        ]
        return "    {\n" + members.map { "      \($0)" }.joined(separator: ",\n") + "\n    }"
    }

    private var filesText: String {
        guard let files else { return "null" }
        let entries = files.map {
            "        {\n          \"name\": \(JSONText.string($0.name)),\n          \"size\": \($0.size)\n        }"
        }
        return "[\n" + entries.joined(separator: ",\n") + "\n      ]"
    }

    private var customText: String {
        guard let custom_data else { return "null" }
        guard !custom_data.isEmpty else { return "{}" }
        let entries = custom_data.sorted { $0.key < $1.key }.map {
            "        \(JSONText.string($0.key)): \(JSONText.string($0.value))"
        }
        return "{\n" + entries.joined(separator: ",\n") + "\n      }"
    }
}

/// Texts of JSON as packer writes them.
enum JSONText {
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "<", ">", "&", "\u{2028}", "\u{2029}": result += escape(scalar)
            default:
                if scalar.value < 0x20 { result += escape(scalar) } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
