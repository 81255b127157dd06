/// A branch or a tag that was moved, made or deleted.
public struct PushEvent: Hashable, Sendable, Codable {
    /// A full ref.
    public var ref: String
    /// Where it stood before; nil when it is new.
    public var before: String?
    /// Where it stands now; nil when it was deleted.
    public var after: String?
    /// Who pushed; empty when nobody says.
    public var pusher: String

    public init(ref: String, before: String?, after: String?, pusher: String = "") {
        self.ref = ref
        self.before = before
        self.after = after
        self.pusher = pusher
    }

    public var isTag: Bool { ref.hasPrefix("refs/tags/") }
}

/// A pull request (merge request) that was opened or got new commits.
public struct PullRequestEvent: Hashable, Sendable, Codable {
    /// What happened to it.
    public enum Action: String, Hashable, Sendable, Codable {
        /// It is new, open again, ready, or wants to be merged into another branch.
        case opened
        /// It has new commits.
        case updated
        case closed
    }

    public var action: Action
    public var request: RunPullRequest
    public var isDraft: Bool
    /// Refs to build, best first: that of the merge where the host makes one, then that of the request itself.
    public var refs: [String]
    /// Who asks for the merge; empty when nobody says.
    public var author: String
    /// Whether the author belongs to the repository's team; nil when the host does not say.
    public var isByMember: Bool?
    /// When the host told it, as ISO 8601 in UTC; nil when it does not say.
    public var moment: String?

    public init(
        action: Action,
        request: RunPullRequest,
        isDraft: Bool,
        refs: [String],
        author: String = "",
        isByMember: Bool? = nil,
        moment: String? = nil
    ) {
        self.action = action
        self.request = request
        self.isDraft = isDraft
        self.refs = refs
        self.author = author
        self.isByMember = isByMember
        self.moment = moment
    }
}

/// What somebody wrote under a pull request.
public struct RequestComment: Hashable, Sendable {
    /// Of the pull request.
    public var number: Int
    public var author: String
    /// Whether the author belongs to the repository's team; nil when the host does not say.
    public var isByMember: Bool?
    /// When it was written, as ISO 8601 in UTC.
    public var moment: String?
    public var text: String

    public init(number: Int, author: String, isByMember: Bool?, moment: String?, text: String) {
        self.number = number
        self.author = author
        self.isByMember = isByMember
        self.moment = moment
        self.text = text
    }

    /// Whether it asks for the run of a pipeline: `/azp run`, `/AzurePipelines run` or `/roost run`, alone or with names.
    public func asksToRun(_ pipeline: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let words = line.split(whereSeparator: { $0.isWhitespace || $0 == "," }).map { $0.lowercased() }
            guard words.count >= 2, ["/azp", "/azurepipelines", "/roost"].contains(words[0]), words[1] == "run" else {
                return false
            }
            return words.count == 2 || words.dropFirst(2).contains(pipeline.lowercased())
        }
    }
}

/// What a host tells of one of its repositories.
public struct HostEvent: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case pushes([PushEvent])
        case pullRequest(PullRequestEvent)
        case comment(RequestComment)
        case images([ImageEvent])
        case package(PackageEvent)
        /// Nothing that a trigger looks at; the text says what it is.
        case other(String)
    }

    /// Addresses of the repository, each of which a pipeline may have.
    public var urls: [String]
    /// Such as `team/app`.
    public var repositoryName: String
    public var content: Content
    /// The host's name of this very message, so that a repeated one is known; nil when it has none.
    public var delivery: String?

    public init(urls: [String], repositoryName: String, content: Content, delivery: String? = nil) {
        self.urls = urls
        self.repositoryName = repositoryName
        self.content = content
        self.delivery = delivery
    }
}
