import Foundation
import RoostModel
import RoostWire

/// A commit of a submodule and where its repository is.
struct SubmoduleCommit: Hashable, Sendable {
    var url: String
    /// 40 hexadecimal digits.
    var commit: String
}

/// Where a submodule stands: its path in a commit of a repository.
struct SubmodulePlace: Hashable, Sendable {
    var url: String
    var commit: String
    var path: String
}

/// What agents fetch from the server's copies.
extension RepositoryService {
    /// The folder of a repository, with a commit in it.
    ///
    /// - Throws: ``ControlError/repositoryUnavailable(url:reason:)``.
    func folder(of url: String, having commit: String) async throws(ControlError) -> String {
        let reader = try await reader(for: url, wanting: commit, ref: "")
        guard (try? await reader.object(commit)) != nil else {
            throw .repositoryUnavailable(url: url, reason: "it has no commit \(commit)")
        }
        return folder(of: url)
    }

    /// What a commit says of the submodule at a path.
    ///
    /// - Throws: ``ControlError/repositoryUnavailable(url:reason:)``, also for a path where no submodule is.
    func submodule(_ path: String, of url: String, at commit: String) async throws(ControlError) -> SubmoduleCommit {
        let place = SubmodulePlace(url: url, commit: commit, path: path)
        if let known = knownSubmodule(place) { return known }
        let folder = try await folder(of: url, having: commit)
        guard let address = try await addressOfSubmodule(path, of: url, folder, commit),
            let own = try await commitOfSubmodule(path, of: url, folder, commit)
        else { throw .repositoryUnavailable(url: url, reason: "no submodule is at '\(path)' in \(commit)") }
        let submodule = SubmoduleCommit(url: GitAddress.resolve(address, below: url), commit: own)
        remember(submodule, at: place)
        return submodule
    }

    private func addressOfSubmodule(
        _ path: String,
        of url: String,
        _ folder: String,
        _ commit: String
    ) async throws(ControlError) -> String? {
        let words = [
            "config", "--null", "--blob", "\(commit):.gitmodules", "--get-regexp", #"^submodule\..*\.(path|url)$"#,
        ]
        let values = Self.entries(try await read(url, ["-C", folder] + words))
        guard let name = values.first(where: { $0.name.hasSuffix(".path") && $0.value == path })?.name.dropLast(5)
        else { return nil }
        return values.last { $0.name == "\(name).url" }?.value
    }

    private func commitOfSubmodule(
        _ path: String,
        of url: String,
        _ folder: String,
        _ commit: String
    ) async throws(ControlError) -> String? {
        let line = try await read(url, ["-C", folder, "ls-tree", "-z", commit, "--", path])
        let words = line.prefix { $0 != "\t" }.split(separator: " ")
        return words.count == 3 && words[1] == "commit" ? String(words[2]) : nil
    }

    /// Keys and values of what `git config --null --get-regexp` prints.
    private static func entries(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "\0").compactMap { entry in
            let parts = entry.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
    }

    private func read(_ url: String, _ words: [String]) async throws(ControlError) -> String {
        do {
            let outcome = try await GitProcess.run(words, timeout: fetchTimeout)
            // No such file or no such entry; what is missing is said by the caller.
            return outcome.status == 0 ? String(decoding: outcome.output, as: UTF8.self) : ""
        } catch {
            throw .repositoryUnavailable(url: url, reason: "git cannot be started (\(error))")
        }
    }

    // MARK: Files of a repository

    /// The folder of a repository's own files: the folder itself, or `.git` in it.
    static func gitFolder(of folder: String) -> String {
        FileManager.default.fileExists(atPath: "\(folder)/.git/HEAD") ? "\(folder)/.git" : folder
    }

    /// The packs and names of a repository, for a mirror that begins with them; no packs where they would not be the whole.
    ///
    /// - Throws: ``ControlError/repositoryUnavailable(url:reason:)``.
    func content(of url: String, in folder: String) async throws(ControlError) -> MirrorContentWire {
        // The names first: what they stand for is in the packs that are found then, or lies loose.
        let text = try await read(url, ["-C", folder, "for-each-ref", "--format=%(objectname) %(refname)"])
        let refs = text.split(separator: "\n").compactMap { line -> MirrorContentWire.Ref? in
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].count == 40 else { return nil }
            return MirrorContentWire.Ref(name: String(words[1]), objectId: String(words[0]))
        }
        let objects = "\(Self.gitFolder(of: folder))/objects"
        guard !FileManager.default.fileExists(atPath: "\(objects)/info/alternates"),
            !FileManager.default.fileExists(atPath: "\(Self.gitFolder(of: folder))/shallow"),
            let packs = Self.packs(in: "\(objects)/pack"), !packs.isEmpty
        else { return MirrorContentWire(packs: [], refs: []) }
        let packed = refs.filter { ref in
            let (folder, name) = (ref.objectId.prefix(2), ref.objectId.dropFirst(2))
            return !FileManager.default.fileExists(atPath: "\(objects)/\(folder)/\(name)")
        }
        return MirrorContentWire(packs: packs, refs: packed)
    }

    /// Nil where a pack is not complete by itself.
    private static func packs(in folder: String) -> [MirrorContentWire.Pack]? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard !names.contains(where: { $0.hasSuffix(".promisor") }) else { return nil }
        // A pack without an index is still being written.
        return names.sorted().filter { $0.hasPrefix("pack-") && $0.hasSuffix(".idx") }.compactMap { name in
            let bare = String(name.dropLast(4))
            guard let pack = size("\(folder)/\(bare).pack"), let index = size("\(folder)/\(name)") else {
                return nil
            }
            return MirrorContentWire.Pack(name: bare, size: pack, indexSize: index)
        }
    }

    private static func size(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
    }

    /// The path of a pack or index by its name; nil for any other name.
    static func packFile(_ name: String, in folder: String) -> String? {
        guard let dot = name.lastIndex(of: "."), ["pack", "idx"].contains(name[name.index(after: dot)...]),
            name.hasPrefix("pack-"), name[..<dot].dropFirst(5).allSatisfy(\.isHexDigit), dot > name.startIndex
        else { return nil }
        return "\(gitFolder(of: folder))/objects/pack/\(name)"
    }
}
