/// Why a trigger fires or does not.
public enum TriggerReason: Hashable, Sendable, Codable {
    // It fires
    case branchIncluded(pattern: String)
    case tagIncluded(pattern: String)
    case impliedTrigger
    case pathIncluded(path: String, pattern: String)
    case scheduleDue
    case caughtUp(missedAt: String)
    case pipelineCompleted(run: String)
    case stagesCompleted([String])
    case batchOver
    case imagePushed(tag: String)
    case packagePublished(version: String)
    case payloadFits(filters: Int)
    case approved(by: String)
    // It does not
    case awaitsApproval(author: String)
    case forksNotBuilt
    case nothingWaits
    case notOfTheTeam(String)
    case approvedTooEarly
    case declined(by: String)
    case tooManyWait
    case pipelineDisabled
    case disabledBySettings(String)
    case noTrigger(String)
    case branchExcluded(pattern: String)
    case branchNotIncluded
    case tagExcluded(pattern: String)
    case tagNotIncluded
    case noTagTrigger
    case onlyTagsTrigger
    case noPathIncluded(changed: Int)
    case skipMark(String)
    case refDeleted
    case alreadyKnown
    case draft
    case requestClosed
    case runActive(run: String)
    case nothingChanged(since: String)
    case missed(by: String)
    case sourceFailed(run: String)
    case stagesNotCompleted([String])
    case tagsMissing([String])
    case imageWithoutTag
    case payloadDiffers(path: String, wanted: String, found: String)
    case payloadLacks(path: String, wanted: String)
    case payloadUnreadable(String)
    case fileUnreadable(String)
    case queueFailed(String)

    /// As people read it.
    public var sentence: String {
        switch self {
        case .branchIncluded(let pattern): "The branch fits '\(pattern)'."
        case .tagIncluded(let pattern): "The tag fits '\(pattern)'."
        case .impliedTrigger: "The file names no trigger, so that every branch has one."
        case .pathIncluded(let path, let pattern): "'\(path)' changed, which fits '\(pattern)'."
        case .scheduleDue: "The schedule is due."
        case .caughtUp(let moment): "The schedule was due at \(moment), when the server was away."
        case .pipelineCompleted(let run): "Run \(run) has succeeded."
        case .stagesCompleted(let stages): "The stages \(stages.joined(separator: ", ")) have succeeded."
        case .batchOver: "The run before it has ended; this one builds the newest commit that waited."
        case .imagePushed(let tag): "An image was pushed as '\(tag)'."
        case .packagePublished(let version): "Version \(version) was published."
        case .payloadFits(let count):
            count == 0
                ? "The file has no filter for it." : count == 1 ? "Its filter fits." : "All \(count) filters fit."
        case .approved(let person): "It was approved by \(person)."
        case .awaitsApproval(let author):
            "It is by \(author.isEmpty ? "somebody else" : author) and waits until somebody of the team approves it."
        case .forksNotBuilt: "It is of a fork, and the pipeline's settings say that forks are not built."
        case .nothingWaits: "No run of this pull request waits for approval."
        case .notOfTheTeam(let person): "\(person) does not belong to the repository's team, as its host says."
        case .approvedTooEarly: "The approval is of an older commit."
        case .declined(let person): "It was declined by \(person)."
        case .tooManyWait: "Too many pull requests wait for approval; the oldest was dropped."
        case .imageWithoutTag: "The image has no tag, and the file names tags."
        case .payloadDiffers(let path, let wanted, let found):
            "The filter '\(path)' wants '\(wanted)', and the message has '\(found)' there."
        case .payloadLacks(let path, let wanted):
            "The filter '\(path)' wants '\(wanted)', and the message has nothing there."
        case .payloadUnreadable(let problem): "The message cannot be read: \(problem)"
        case .pipelineDisabled: "The pipeline is disabled."
        case .disabledBySettings(let kind): "The pipeline's settings turn off triggers by \(kind)."
        case .noTrigger(let key): "The file says '\(key)'."
        case .branchExcluded(let pattern): "The branch is excluded by '\(pattern)'."
        case .branchNotIncluded: "The branch fits none of those included."
        case .tagExcluded(let pattern): "The tag is excluded by '\(pattern)'."
        case .tagNotIncluded: "The tag fits none of those included."
        case .noTagTrigger: "The file has no trigger for tags."
        case .onlyTagsTrigger: "The file has a trigger for tags only."
        case .noPathIncluded(let count): "None of the \(count) changed paths is included."
        case .skipMark(let mark): "The commit's message has '\(mark)'."
        case .refDeleted: "It was deleted."
        case .alreadyKnown: "This commit of it was seen before."
        case .draft: "It is a draft, and the file says 'drafts: false'."
        case .requestClosed: "It was closed."
        case .runActive(let run): "Run \(run) is not over; it is built after it."
        case .nothingChanged(let run): "Nothing changed since run \(run), which succeeded."
        case .missed(let late): "It was due \(late) ago, which is too long to catch up."
        case .sourceFailed(let run): "Run \(run) has not succeeded."
        case .stagesNotCompleted(let stages): "The stages \(stages.joined(separator: ", ")) have not succeeded."
        case .tagsMissing(let tags): "The run lacks the tags \(tags.joined(separator: ", "))."
        case .fileUnreadable(let problem): "The file cannot be used: \(problem)"
        case .queueFailed(let problem): "No run could be queued: \(problem)"
        }
    }

    /// Stable, for programs.
    public var code: String {
        let text = String(describing: self)
        return String(text.prefix { $0.isLetter })
    }
}

/// What a trigger comes to.
public enum TriggerVerdict: Hashable, Sendable {
    /// A run is to be queued.
    case queue(TriggerReason)
    /// A run is to be queued when the active one has ended.
    case hold(TriggerReason)
    case skip(TriggerReason)

    public var reason: TriggerReason {
        switch self {
        case .queue(let reason), .hold(let reason), .skip(let reason): reason
        }
    }
}
