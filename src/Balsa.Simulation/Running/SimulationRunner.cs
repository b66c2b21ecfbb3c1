using Balsa.Simulation.FullWorld;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Running;

/// <summary>Runs seeds one after the other. Pure: who wants two at a time runs two of these.</summary>
public static class SimulationRunner
{
    public static SeedResult Run(SimulationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ISimulatedWorld world = request.World == WorldKind.Full ? new FullRun(request) : new World(request);
        world.Run();
        return new SeedResult(world);
    }
}
