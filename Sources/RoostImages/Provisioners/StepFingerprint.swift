import Crypto
import Foundation
import RoostTemplate

/// What decides the result of a step, as bytes.
enum StepFingerprint {
    /// The type, the name of the build, which scripts see, and all settings.
    static func parts(_ work: StepWork) -> [[UInt8]] {
        var text = ""
        write(.object(work.settings), &text)
        return [work.type, work.target.sourceName, work.target.type, text].map { Array($0.utf8) }
    }

    /// With the contents of files and folders of this machine.
    static func key(_ work: StepWork, files: [String]) throws -> StepKey {
        StepKey(work.type, parts: try parts(work) + files.flatMap { try contents(work.path($0)) })
    }

    private static func write(_ form: SettingValue.Form, _ text: inout String) {
        switch form {
        case .null: text += "n"
        case .text(let value), .template(let value): text += "s\(value.utf8.count):\(value)"
        case .number(let value): text += "d\(value);"
        case .truth(let value): text += value ? "t" : "f"
        case .list(let elements):
            text += "["
            for element in elements { write(element.form, &text) }
            text += "]"
        case .object(let settings):
            text += "{"
            for entry in settings.entries.sorted(by: { $0.name < $1.name }) {
                write(.text(entry.name), &text)
                write(entry.value.form, &text)
            }
            text += "}"
        case .later(let expression): write(.text(expression.text), &text)
        }
    }

    // MARK: Files

    private static func contents(_ path: String) throws -> [[UInt8]] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ImageBuildFailure.file(path: path, reason: "it is not there")
        }
        guard isFolder.boolValue else { return [try digest(path), mode(path)] }
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        return try names.flatMap { name -> [[UInt8]] in
            let inner = "\(path)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: inner)
            switch attributes[.type] as? FileAttributeType {
            case .typeRegular: return [Array(name.utf8), try digest(inner), mode(inner)]
            case .typeSymbolicLink:
                let target = try FileManager.default.destinationOfSymbolicLink(atPath: inner)
                return [Array(name.utf8), Array("-> \(target)".utf8)]
            default: return [Array("\(name)/".utf8), mode(inner)]
            }
        }
    }

    private static func mode(_ path: String) -> [UInt8] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return Array("\(attributes?[.posixPermissions] as? Int ?? 0)".utf8)
    }

    private static func digest(_ path: String) throws -> [UInt8] {
        var hash = SHA256()
        try FileBytes.read(path) { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }
}
