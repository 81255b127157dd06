import Foundation

/// What lies beside the checkout: real templates, answers of other programs, the language's own test suite.
enum Shared {
    /// A folder of it; nil when there is none on this machine.
    static func folder(_ name: String) -> String? {
        let package = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let shared =
            ProcessInfo.processInfo.environment["ROOST_SHARED"]
            ?? package.appending(path: "../shared").standardized.path
        let folder = "\(shared)/\(name)"
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }

    static let images = folder("corpus/images")
    static let suite = folder("conformance/hcl-specsuite")
    static let absence = "the shared inputs are not here; set ROOST_SHARED or put them into ../shared"

    /// All files below a folder whose names end so, by their paths in it.
    static func files(_ folder: String?, ending: String) -> [String] {
        guard let folder, let all = FileManager.default.enumerator(atPath: folder) else { return [] }
        return all.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
}
