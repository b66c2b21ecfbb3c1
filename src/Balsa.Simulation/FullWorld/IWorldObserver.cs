using Balsa.Raft.Messages;
using Balsa.Simulation.FullWorld.Members;

namespace Balsa.Simulation.FullWorld;

/// <summary>Looks at a world while it runs. With one the world goes on after a broken rule, so that its consequences show.</summary>
internal interface IWorldObserver
{
    /// <summary>The members have been started, and time has not begun.</summary>
    void OnBegin();

    void OnSend(FullNode node, in Message message);

    /// <summary>All that a turn of a member wanted has been carried out.</summary>
    void AfterTurn(FullNode node);
}
