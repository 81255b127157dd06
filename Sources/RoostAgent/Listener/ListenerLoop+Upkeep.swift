import FoundationEssentials
import Logging
import RoostClient
import RoostModel
import RoostWire

extension ListenerLoop {
    /// How long it is waited before room is looked for again, unless the disk has some by then.
    private static let roomPause = Duration.seconds(30)
    private static let glance = Duration.seconds(1)

    /// Stays out of the pool while there is no room for a job; false when the listener is to end.
    ///
    /// With a job that runs the session stays, because the job's cancellation comes through it.
    func awaitRoom() async -> Bool {
        var isTold = false
        while !Task.isCancelled, upkeep.runningJobs == 0, let reason = await upkeep.obstacle(.beforeJob) {
            pulse.rest()
            if !isTold {
                logger.error("no job is taken: the disk is full", metadata: ["reason": "\(reason)"])
                say("No job is taken: \(reason).")
                upkeep.note(.closed, reason)
                isTold = true
            }
            await tell(AgentWarmUpWire(state: "no-room", reason: reason))
            await pauseWithoutRoom()
        }
        guard !Task.isCancelled else { return false }
        if isTold {
            say("There is room for jobs again.")
            upkeep.note(.open, "there is room for jobs again")
        }
        pulse.beat()
        return true
    }

    private func pauseWithoutRoom() async {
        let end = ContinuousClock.now + Self.roomPause
        while .now < end, !upkeep.isAboveFloor, (try? await Task.sleep(for: Self.glance)) != nil {}
    }

    /// Makes room for a job that was sent; without any its message is not taken, and the end of the session gives the job to another agent.
    ///
    /// While the one before still leaves, the session stays: its cancellation comes through it.
    func hasRoom(for message: TaskAgentMessageWire) async -> Bool {
        guard message.messageType?.lowercased() == "pipelineagentjobrequest",
            await upkeep.obstacle(.beforeJob) != nil, upkeep.runningJobs == 0
        else { return true }
        await session.close()
        return false
    }

    /// After a job: makes room for the next, and leaves the pool where there is none.
    func tidyUp() async {
        guard await upkeep.afterJob() != nil, upkeep.runningJobs == 0 else { return }
        // The poll finds the session closed, and waits for room before it opens another.
        await session.close()
    }
}
