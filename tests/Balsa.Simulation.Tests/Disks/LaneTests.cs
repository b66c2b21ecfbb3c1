using Balsa.Simulation.Disks;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Disks.Lanes;
using Balsa.Simulation.Randomness;
using Balsa.Storage;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>Planners in virtual time.</summary>
public sealed class LaneTests
{
    private readonly FaultyDisk _disk = new();
    private readonly List<string> _said = [];

    public LaneTests() => _disk.AddDirectory("d");

    [Fact]
    public void Planners_run_to_their_ends_and_time_passes_with_their_steps()
    {
        var lanes = new VirtualLanes(_disk, new Dice(1));
        var one = lanes.Add("one", Write("d/a", 3));
        var two = lanes.Add("two", Write("d/b", 3));
        lanes.Run();
        Assert.Equal((LaneState.Ended, LaneState.Ended), (one.State, two.State));
        Assert.Equal(8, lanes.Steps);
        Assert.True(lanes.Now > 8 * TimeSpan.TicksPerMicrosecond);
        Assert.True(_disk.TryLook("d/a", out var content));
        Assert.Equal([1, 2, 3], content.ToArray());
    }

    [Fact]
    public void The_dice_decide_about_the_order_and_the_same_dice_give_the_same_order()
    {
        var orders = new HashSet<string>();
        for (var seed = 0UL; seed < 40; seed++)
        {
            var order = Order(seed);
            Assert.Equal(order, Order(seed));
            orders.Add(order);
        }
        Assert.True(orders.Count > 5, $"only {orders.Count} orders");
    }

    [Fact]
    public void A_wait_ends_with_its_time_or_when_it_is_woken()
    {
        var lanes = new VirtualLanes(_disk, new Dice(1));
        var lane = lanes.Add("waits", Wait(500, 2));
        lanes.Run(until: 400);
        Assert.Empty(_said);
        lanes.Run(until: 600);
        Assert.Equal(["timed out"], _said);
        Assert.Equal(600, lanes.Now);
        lanes.Wake(lane);
        lanes.Run(until: 601);
        Assert.Equal(["timed out", "woken"], _said);
        Assert.Equal(LaneState.Ended, lane.State);
    }

    [Fact]
    public void Waking_somebody_who_does_not_wait_ends_the_next_wait_and_only_that()
    {
        var lanes = new VirtualLanes(_disk, new Dice(1));
        var lane = lanes.Add("waits", Wait(500, 2));
        lanes.Wake(lane);
        lanes.Wake(lane);
        lanes.Run(until: 100);
        Assert.Equal(["woken"], _said);
        lanes.Run(until: 1000);
        Assert.Equal(["woken", "timed out"], _said);
    }

    [Fact]
    public void A_wait_without_a_limit_leaves_nothing_to_do()
    {
        var lanes = new VirtualLanes(_disk, new Dice(1));
        var lane = lanes.Add("waits", Wait(Timeout.Infinite, 1));
        lanes.Run();
        Assert.Equal(LaneState.Waiting, lane.State);
        Assert.False(lanes.Advance());
        lanes.Wake(lane);
        lanes.Run();
        Assert.Equal(LaneState.Ended, lane.State);
    }

    [Fact]
    public void A_planner_that_stops_is_named_and_the_others_are_not_driven_on()
    {
        var lanes = new VirtualLanes(_disk, new Dice(1));
        _disk.Faults.Plan(DiskFault.At(IoSite.WriteBatch, 2, DiskError.Io));
        lanes.Add("waits", Wait(TimeSpan.TicksPerMinute, 1));
        var lane = lanes.Add("writes", Write("d/a", 3));
        lanes.Run();
        Assert.Same(lane, lanes.Failed);
        Assert.Equal(IoSite.WriteBatch, Assert.IsType<StorageException>(lane.Failure).Site);
        Assert.Equal(["d/a0"], _said);
    }

    [Fact]
    public void The_power_can_be_cut_between_a_step_and_its_being_noticed()
    {
        var lanes = new VirtualLanes(_disk, new Dice(1));
        lanes.Add("writes", Write("d/a", 1));
        var states = new List<(long Steps, int Said)>();
        while (lanes.Advance()) states.Add((lanes.Steps, _said.Count));
        Assert.Equal([(0, 0), (1, 0), (1, 0), (2, 0), (2, 1)], states);
    }

    private string Order(ulong seed)
    {
        var disk = new FaultyDisk();
        disk.AddDirectory("d");
        _said.Clear();
        var lanes = new VirtualLanes(disk, new Dice(seed));
        lanes.Add("one", Write("d/a", 4));
        lanes.Add("two", Write("d/b", 4));
        lanes.Run();
        return $"{string.Join(' ', _said)} {lanes.Now} {disk.Trace}";
    }

    private IEnumerable<IoStep> Write(string path, int count)
    {
        var step = new IoStep();
        var file = new StoredFile(path);
        yield return step.Create(IoSite.CreateSpare, file);
        step.OrStop();
        for (var i = 0; i < count; i++)
        {
            yield return step.Write(IoSite.WriteBatch, file, i, new[] { (byte)(i + 1) });
            step.OrStop();
            _said.Add($"{path}{i}");
        }
    }

    private IEnumerable<IoStep> Wait(long ticks, int times)
    {
        var step = new IoStep();
        for (var i = 0; i < times; i++)
        {
            yield return step.Wait(ticks);
            _said.Add(step.TimedOut ? "timed out" : "woken");
        }
    }
}
