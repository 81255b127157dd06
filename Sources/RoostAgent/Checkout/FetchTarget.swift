/// What has to be fetched for a run, and what is checked out then.
struct FetchTarget: Hashable, Sendable {
    /// Full, or empty.
    let ref: String
    private let version: String

    init(_ repository: JobRepository) {
        ref = Self.fullRef(repository.ref)
        version = repository.version
    }

    /// A name without `refs/` is a branch.
    private static func fullRef(_ ref: String) -> String {
        ref.isEmpty || ref.hasPrefix("refs/") ? ref : "refs/heads/\(ref)"
    }

    /// Where the ref stands here after it was fetched.
    private var tracking: String {
        for (prefix, place) in [("refs/heads/", "refs/remotes/origin/"), ("refs/pull/", "refs/remotes/pull/")]
        where ref.hasPrefix(prefix) {
            return place + ref.dropFirst(prefix.utf8.count)
        }
        return ref
    }

    /// The commit of the run, or the tip of its ref, or the tip of the default branch.
    var checkedOut: String {
        if !version.isEmpty { return version }
        return ref.isEmpty ? "FETCH_HEAD" : tracking
    }

    /// Nothing is named: the tip of the default branch is meant.
    var isDefaultBranch: Bool { ref.isEmpty && version.isEmpty }

    /// What to ask the server for.
    ///
    /// - Parameters:
    ///   - depth: how many commits; 0 is everything, and then all branches are fetched, so that steps can compare with them.
    ///   - byRef: not by the commit's name, which some servers refuse.
    /// - Returns: refspecs; none asks for what the remote is set up for.
    func refspecs(depth: Int, byRef: Bool) -> [String] {
        let own = ref.isEmpty ? [] : ["+\(ref):\(tracking)"]
        if depth > 0 {
            if !version.isEmpty, !byRef { return ["+\(version)"] }
            return own
        }
        if checkedOut == "FETCH_HEAD" { return ["HEAD"] }
        let branches = "+refs/heads/*:refs/remotes/origin/*"
        var wanted = [branches]
        if !ref.isEmpty, !ref.hasPrefix("refs/heads/") { wanted += own }
        // A commit that no branch leads to, as after a forced push.
        if !version.isEmpty, ref.isEmpty, !byRef { wanted.append("+\(version)") }
        return wanted
    }
}
