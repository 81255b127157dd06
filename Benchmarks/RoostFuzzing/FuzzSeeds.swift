import Foundation

/// Real files to begin with: pipelines with the templates beside them.
public struct FuzzSeeds: Sendable {
    /// A file that may be a root, and those of its folder it may name.
    struct Group: Sendable {
        let root: String
        let files: [(path: String, bytes: [UInt8])]
    }

    private(set) var groups: [Group] = []
    /// Expressions that occur in the files.
    private(set) var expressions: [String] = []
    /// Templates of images, with their endings.
    private(set) var images: [(ending: String, bytes: [UInt8])] = []

    /// Reads folders; each folder right below one of them is the repository of the files in it.
    public init(folders: [String]) {
        for folder in folders {
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for entry in entries.sorted() { add(repository: "\(folder)/\(entry)") }
            add(repository: folder, isDeep: false)
        }
    }

    public var isEmpty: Bool { groups.isEmpty }

    private mutating func add(repository: String, isDeep: Bool = true) {
        let names =
            isDeep
            ? FileManager.default.enumerator(atPath: repository)?.compactMap { $0 as? String } ?? []
            : (try? FileManager.default.contentsOfDirectory(atPath: repository)) ?? []
        let paths = names.filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }.sorted()
        let files = paths.compactMap { path in
            FileManager.default.contents(atPath: "\(repository)/\(path)").map { (path: path, bytes: [UInt8]($0)) }
        }.filter { $0.bytes.count < 1 << 16 }
        guard files.reduce(0, { $0 + $1.bytes.count }) < 1 << 20 else { return }
        images += names.sorted().compactMap { name in
            guard let ending = ["pkr.hcl", "pkr.json", "json"].first(where: { name.hasSuffix(".\($0)") }),
                let data = FileManager.default.contents(atPath: "\(repository)/\(name)"), data.count < 1 << 16
            else { return nil }
            return (ending, [UInt8](data))
        }
        for file in files { collectExpressions(String(decoding: file.bytes, as: UTF8.self)) }
        groups += files.map { Group(root: $0.path, files: files) }
    }

    private mutating func collectExpressions(_ text: String) {
        var rest = text[...]
        while let open = rest.firstRange(of: "${{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            expressions.append(String(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        for line in text.split(separator: "\n") {
            guard let mark = line.firstRange(of: "condition: ") else { continue }
            expressions.append(String(line[mark.upperBound...]))
        }
    }
}
