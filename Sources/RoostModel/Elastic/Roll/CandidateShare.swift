/// Whether a job may meet a version that is on trial.
///
/// The same job and the same version always have the same answer, on every server; of many jobs the share is what was asked for.
///
/// - Parameters:
///   - request: the job's request.
///   - digest: of the version.
///   - share: of 100 jobs.
/// - Returns: whether.
public func mayMeetCandidate(_ request: RequestID, digest: String, share: Int) -> Bool {
    share > 0 && stableHash("\(request.rawValue):\(digest)") % 100 < UInt64(share)
}

/// A hash that is the same in every process: FNV-1a, and mixed so that low digits are as even as high ones.
func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
}
