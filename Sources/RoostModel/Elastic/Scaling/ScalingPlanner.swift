/// What is to be done in an elastic pool.
///
/// Reads no clock and no random source; the same snapshot with its parts in any other order gives the same plan. Rules in order: the listing is followed, deadlines are kept,
/// used machines are made anew or go, machines are made, machines that are too many go, old ones are replaced.
///
///     max 4, standby 2; 1 and 2 idle, five jobs wait
///         create 3 (job waits), create 4 (job waits), explain: one job, at max
///
/// - Parameter snapshot: everything that is known.
/// - Returns: actions, each with its reason, and the time until the next look.
public func planScaling(_ snapshot: ScalingSnapshot) -> ScalingPlan {
    var draft = ScalingDraft(snapshot)
    draft.followListing()
    draft.followDeadlines()
    draft.recycleUsed()
    draft.claimSupply()
    draft.cancelPlanned()
    draft.grow()
    draft.shrink()
    draft.rollOut()
    return ScalingPlan(
        actions: draft.actions,
        wakeIn: draft.wakeIn,
        prospects: draft.supply.prospects,
        surplus: draft.surplus
    )
}
