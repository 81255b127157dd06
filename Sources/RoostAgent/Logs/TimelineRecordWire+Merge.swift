import RoostWire

extension TimelineRecordWire {
    /// This change of a record followed by a later one: what is present in the later one counts.
    func merged(with later: TimelineRecordWire) -> TimelineRecordWire {
        TimelineRecordWire(
            id: id,
            parentId: later.parentId ?? parentId,
            type: later.type ?? type,
            name: later.name ?? name,
            refName: later.refName ?? refName,
            identifier: later.identifier ?? identifier,
            order: later.order ?? order,
            attempt: later.attempt ?? attempt,
            previousAttempts: later.previousAttempts ?? previousAttempts,
            startTime: later.startTime ?? startTime,
            finishTime: later.finishTime ?? finishTime,
            currentOperation: later.currentOperation ?? currentOperation,
            percentComplete: later.percentComplete ?? percentComplete,
            state: later.state ?? state,
            result: later.result ?? result,
            resultCode: later.resultCode ?? resultCode,
            changeId: later.changeId ?? changeId,
            lastModified: later.lastModified ?? lastModified,
            workerName: later.workerName ?? workerName,
            queueId: later.queueId ?? queueId,
            log: later.log ?? log,
            details: later.details ?? details,
            errorCount: later.errorCount ?? errorCount,
            warningCount: later.warningCount ?? warningCount,
            issues: later.issues ?? issues,
            task: later.task ?? task,
            variables: later.variables ?? variables,
            location: later.location ?? location,
            url: later.url ?? url
        )
    }
}
