import Crypto
import RoostModel

/// A bare copy of a repository on this machine, shared by all jobs of the agent.
///
/// Only what is new travels over the network, once for all pipelines. A checkout borrows the mirror's objects (`objects/info/alternates`), so
/// that it neither copies nor unpacks them. Nothing is ever pruned from a mirror, because checkouts depend on its objects; maintenance deletes a
/// mirror as a whole, and a checkout whose mirror is gone is made anew.
struct RepositoryMirror: Hashable, Sendable {
    /// The address it is a copy of.
    let url: String
    /// A folder that holds nothing but the mirror and what belongs to it, so that a job can be shown its own mirrors alone.
    let room: String
    var path: String { "\(room)/mirror" }
    /// Names in the room of what ``TreeTemplate`` keeps beside the mirror.
    static let treeNames: Set = ["mirror.tree", "mirror.tree-lfs"]
    /// The name of its room, as upkeep calls it.
    var roomName: String { String(room.split(separator: "/").last ?? "") }

    /// - Parameters:
    ///   - url: of the repository.
    ///   - folder: where mirrors are kept.
    init(url: String, in folder: String) {
        self.url = url
        let name = GitCredentials.withoutUser(url).split(separator: "/").last.map(String.init) ?? "repository"
        let readable = String(
            name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }.prefix(40)
        )
        let digest = SHA256.hash(data: Array(url.utf8)).prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        room = "\(folder)/\(readable)-\(digest.joined())"
    }

    var exists: Bool { FileTree.isFile("\(path)/HEAD") }
    var objects: String { "\(path)/objects" }

    /// Has a working tree's repository borrow from the mirror; 0 or an error number.
    func lend(to folder: String) -> Int32 {
        let info = "\(folder)/.git/objects/info"
        let error = FileTree.make(info)
        if error != 0 { return error }
        return SmallFile.write("\(objects)\n", to: "\(info)/alternates", mode: 0o644)
    }

    /// What is asked of the address: all branches and tags, and what the run needs beside them.
    static func refspecs(ref: String, version: String, hasCommit: Bool) -> [String] {
        var refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        if !ref.isEmpty, !ref.hasPrefix("refs/heads/"), !ref.hasPrefix("refs/tags/") {
            refspecs.append("+\(ref):\(ref)")
        }
        // A name of its own keeps a commit that no branch leads to.
        if !hasCommit, !version.isEmpty { refspecs.append("+\(version):refs/roost/\(version)") }
        return refspecs
    }

    /// What is asked of the pool's copy: all branches and tags it knows, and the commit under the name it has at the address.
    static func poolRefspecs(ref: String, version: String) -> [String] {
        var refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
        guard !version.isEmpty else { return refspecs }
        let isListed = ref.isEmpty || ref.hasPrefix("refs/heads/") || ref.hasPrefix("refs/tags/")
        refspecs.append("+\(version):\(isListed ? "refs/roost/\(version)" : ref)")
        return refspecs
    }

    /// Whether a repository, or one of its submodules', borrows from a folder that is not there any more.
    static func isLost(by folder: String) -> Bool { isLost(byRepository: "\(folder)/.git", depth: 8) }

    private static func isLost(byRepository git: String, depth: Int) -> Bool {
        let text = SmallFile.read("\(git)/objects/info/alternates") ?? ""
        if text.split(separator: "\n").contains(where: { !FileTree.isFolder(String($0)) }) { return true }
        return depth > 0 && isLost(below: "\(git)/modules", depth: depth - 1)
    }

    /// Rooms of the mirrors that repositories in a workspace borrow from: those in its folders, in theirs, and of submodules.
    static func rooms(lentTo workspace: String, in mirrors: String) -> Set<String> {
        var rooms: Set<String> = []
        let sources = "\(workspace)/s"
        let nested = FileTree.names(in: sources).map { "\(sources)/\($0)" }
        let beside = FileTree.names(in: workspace).map { "\(workspace)/\($0)" }
        for folder in nested + beside where FileTree.isFolder("\(folder)/.git") {
            collect(ofRepository: "\(folder)/.git", depth: 8, in: mirrors, &rooms)
        }
        return rooms
    }

    private static func collect(ofRepository git: String, depth: Int, in mirrors: String, _ rooms: inout Set<String>) {
        for line in (SmallFile.read("\(git)/objects/info/alternates") ?? "").split(separator: "\n") {
            guard line.hasPrefix("\(mirrors)/") else { continue }
            rooms.insert(String(line.dropFirst(mirrors.count + 1).prefix { $0 != "/" }))
        }
        if depth > 0 { collect(below: "\(git)/modules", depth: depth - 1, in: mirrors, &rooms) }
    }

    private static func collect(below folder: String, depth: Int, in mirrors: String, _ rooms: inout Set<String>) {
        for name in FileTree.names(in: folder) {
            let item = "\(folder)/\(name)"
            if FileTree.isFile("\(item)/HEAD") {
                collect(ofRepository: item, depth: depth, in: mirrors, &rooms)
            } else if depth > 0, FileTree.isFolder(item) {
                collect(below: item, depth: depth - 1, in: mirrors, &rooms)
            }
        }
    }

    /// Names of submodules have slashes, so their repositories may lie some folders deep.
    private static func isLost(below folder: String, depth: Int) -> Bool {
        FileTree.names(in: folder).contains { name in
            let item = "\(folder)/\(name)"
            if FileTree.isFile("\(item)/HEAD") { return isLost(byRepository: item, depth: depth) }
            return depth > 0 && FileTree.isFolder(item) && isLost(below: item, depth: depth - 1)
        }
    }
}
