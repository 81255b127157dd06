import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire

extension AgentSetup {
    func note(_ agent: TaskAgentWire, _ pool: TaskAgentPoolWire, _ server: ConnectedServer) {
        guard let pool = pool.id else { return }
        journal.note(
            SetupJournal.Registration(agent: agent, pool: pool, url: server.url, settings: server.settings)
        )
    }

    /// Takes a registration back that failed half way: nobody holds its key, and it would only stand in the way of the next.
    ///
    /// The agent's own key may do it whatever the credential was; the credential is tried when the key does not work.
    func takeBack(_ server: ConnectedServer) async {
        guard let registration = journal.takeRegistration(), let id = registration.agent.id else { return }
        if await leave(registration) { return }
        do throws(ClientError) { try await server.client.deleteAgent(pool: registration.pool, id: id) } catch {
            complainOfLeftover(error.summary)
        }
    }

    /// Undoes what a configuration under way has made, also while it goes on.
    func undo() async {
        guard let made = journal.take() else { return }
        for slot in made.slots.reversed() { await slot.undo() }
        if !made.slots.isEmpty { rmdir("\(root.path)/\(AgentRoot.slotsFolder)") }
        if let registration = made.registration, await !leave(registration) {
            complainOfLeftover("its own key does not work.")
        }
        files.deleteConfiguration()
        FileTree.delete(root.toolVersions)
        // Only those that are empty go.
        for folder in made.folders { rmdir(folder) }
    }

    private func complainOfLeftover(_ reason: String) {
        console.complain("The agent's registration could not be taken back: \(reason)")
        console.complain("Delete it with 'roost agent delete', or run the command again with --replace.")
    }

    /// Deletes a registration with the agent's own key; false when that does not work.
    private func leave(_ registration: SetupJournal.Registration) async -> Bool {
        guard let id = registration.agent.id, let key = try? await keeper.key(),
            let credentials = try? Self.credentials(registration.agent, registration.url)
        else { return false }
        let credential = AgentIdentity(key: key, credentials: credentials).credential
        guard let client = try? await Self.signIn(registration.url, credential, registration.settings) else {
            return false
        }
        let isGone = (try? await client.deleteAgent(pool: registration.pool, id: id)) != nil
        await client.close()
        return isGone
    }
}
