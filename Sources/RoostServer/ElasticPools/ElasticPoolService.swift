import FoundationEssentials
import Logging
import RoostModel
import ServiceLifecycle

/// Carries out what plans of elastic pools say, and plans again when a moment has come that a plan waits for.
struct ElasticPoolService: Service {
    let plane: ControlPlane

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await carryOut() }
                group.addTask { await keepTime() }
                for (name, provider) in plane.machineProviders {
                    group.addTask { for await _ in provider.wakes() { await plane.look(at: name) } }
                    group.addTask { await sweep(name, provider) }
                }
            }
        }
    }

    private func carryOut() async {
        await withDiscardingTaskGroup { group in
            for await operation in plane.elasticWork.operations {
                group.addTask { await plane.carryOut(operation) }
            }
        }
    }

    private func sweep(_ name: String, _ provider: any MachineProvider) async {
        while !Task.isCancelled {
            do { try await provider.sweep() } catch {
                plane.logger.warning("a provider is not tidy", metadata: ["provider": "\(name)", "error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(86_400))
        }
    }

    private func keepTime() async {
        while !Task.isCancelled {
            let next = await plane.passElasticMoments()
            await plane.elasticWork.deadlines.wait(until: next, now: plane.tick)
        }
    }
}

extension ControlPlane {
    /// Plans pools whose moment has come; gives the next such moment.
    fileprivate func passElasticMoments() async -> Date? {
        do {
            try await change { state, change in
                for (id, elastic) in state.elastic {
                    if let wake = elastic.memory.wakeAt, wake <= change.tick {
                        state.elastic[id]?.memory.wakeAt = nil
                        change.dirtyElastic.insert(id)
                    }
                }
            }
            return read { $0.elastic.values.compactMap(\.memory.wakeAt).min() }
        } catch {
            return tick + 1
        }
    }

    /// A provider says that something may have changed by itself.
    fileprivate func look(at provider: String) async {
        _ = try? await change { state, change in
            for (id, elastic) in state.elastic where elastic.pool.provider == provider {
                state.elastic[id]?.memory.wantsListing = true
                change.dirtyElastic.insert(id)
            }
        }
    }
}
