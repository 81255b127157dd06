extension PushTrigger: CustomStringConvertible {
    /// As people read it.
    public var description: String {
        switch self {
        case .implied: "every branch (the file says nothing)"
        case .none: "none"
        case .on(let filter): filter.description
        }
    }
}

extension PushFilter: CustomStringConvertible {
    public var description: String {
        var parts: [String] = []
        if let branches { parts.append("branches \(branches)") }
        if let tags { parts.append("tags \(tags)") }
        if branches == nil, tags == nil { parts.append("every branch") }
        if let paths { parts.append("paths \(paths)") }
        if batch { parts.append("batched") }
        return parts.joined(separator: "; ")
    }
}

extension PullRequestTrigger: CustomStringConvertible {
    public var description: String {
        switch self {
        case .implied: "every pull request (the file says nothing)"
        case .none: "none"
        case .on(let filter): filter.description
        }
    }
}

extension PullRequestFilter: CustomStringConvertible {
    public var description: String {
        var parts = [branches.map { "into \($0)" } ?? "into every branch"]
        if let paths { parts.append("paths \(paths)") }
        if !drafts { parts.append("no drafts") }
        if !autoCancel { parts.append("older runs go on") }
        return parts.joined(separator: "; ")
    }
}

extension NameFilter: CustomStringConvertible {
    public var description: String {
        let included = include.joined(separator: ", ")
        return exclude.isEmpty ? included : "\(included) but not \(exclude.joined(separator: ", "))"
    }
}

extension CompletionTrigger: CustomStringConvertible {
    public var description: String {
        var parts = [
            stages.isEmpty ? "when a run has succeeded" : "when \(stages.joined(separator: ", ")) have succeeded"
        ]
        if let branches { parts.append("branches \(branches)") }
        if !tags.isEmpty { parts.append("tags \(tags.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }
}

extension WebhookResource {
    /// What its messages must be, as people read it.
    public var condition: String {
        let texts = filters.map { "\($0.path.text) is '\($0.value)'" }
        return texts.isEmpty ? "every message" : "messages where \(texts.joined(separator: " and "))"
    }
}
