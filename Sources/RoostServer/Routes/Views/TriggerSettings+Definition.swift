import RoostModel
import RoostWire

extension TriggerSettings {
    /// As definitions have them: a kind that is turned off is not there.
    var wires: [BuildTriggerWire] {
        var wires: [BuildTriggerWire] = []
        if push { wires.append(BuildTriggerWire(BuildTriggerWire.push, pushFilters)) }
        if pullRequest { wires.append(BuildTriggerWire(pullRequestFilters, forks)) }
        return wires
    }

    /// The settings with the triggers of a definition.
    ///
    /// - Parameters:
    ///   - triggers: those of the definition.
    ///   - keepsOthers: a kind that is not there stays as it is; without, it is turned off.
    /// - Returns: the settings.
    /// - Throws: ``RequestProblem/malformed(place:problem:)`` for a kind that only a file can have here.
    func applying(_ triggers: [BuildTriggerWire], keepsOthers: Bool) throws(RequestProblem) -> TriggerSettings {
        var settings = self
        for (place, trigger) in triggers.enumerated()
        where ![
            BuildTriggerWire.push, BuildTriggerWire.pullRequest,
        ].contains(trigger.triggerType) {
            // The file says it anyway.
            if trigger.settingsSourceType == 2 { continue }
            throw .malformed(
                place: "triggers[\(place)].triggerType",
                problem:
                    "'\(trigger.triggerType ?? "")' stands in the file; settings have 'continuousIntegration' and 'pullRequest'"
            )
        }
        let push = triggers.first { $0.triggerType == BuildTriggerWire.push }
        settings.push = push != nil || keepsOthers && self.push
        settings.pushFilters = push?.filters
        let pullRequest = triggers.first { $0.triggerType == BuildTriggerWire.pullRequest }
        settings.pullRequest = pullRequest != nil || keepsOthers && self.pullRequest
        settings.pullRequestFilters = pullRequest?.filters
        settings.forks = pullRequest?.applying(to: settings.forks) ?? settings.forks
        return settings
    }
}
