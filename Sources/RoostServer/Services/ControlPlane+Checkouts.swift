import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// Most checkouts that the jobs of one run may tell of: nobody makes more.
    static let checkoutsOfRun = 2_000

    /// Remembers how a checkout went.
    ///
    /// - Throws: ``ControlError/storeUnavailable(_:)``, ``ControlError/invalid(what:problem:advice:)`` for a run that told of too many.
    func noteCheckout(_ checkout: Checkout) async throws(ControlError) {
        let limit = Self.checkoutsOfRun
        let count: Int
        do { count = try await store.checkoutCount(of: checkout.run) } catch { throw .storeUnavailable(error) }
        guard count < limit else {
            throw .invalid(what: "The checkout", problem: "its run has told of \(limit) already", advice: nil)
        }
        do { try await store.submit([.appendCheckout(checkout)]).durable() } catch { throw .storeUnavailable(error) }
    }

    /// Newest first.
    func checkouts(
        run: RunID? = nil,
        repository: String? = nil,
        limit: Int
    ) async throws(ControlError) -> [Checkout] {
        do {
            return try await store.checkouts(run: run, repository: repository, limit: min(max(limit, 1), 2_000))
        } catch {
            throw .storeUnavailable(error)
        }
    }
}
