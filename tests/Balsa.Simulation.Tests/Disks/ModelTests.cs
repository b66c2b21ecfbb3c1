using Balsa.Simulation.Disks;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>The disk against a model that keeps a whole copy of a file after every write.</summary>
public sealed class ModelTests
{
    private const int Sector = 512;

    [Fact]
    public void Random_scripts_agree_with_a_naive_model_before_and_after_a_power_cut()
    {
        for (var seed = 1UL; seed <= 400; seed++)
        {
            var dice = new Dice(seed);
            var (on, models) = RunScript(dice, files: 3, steps: 40);
            foreach (var (path, model) in models) Assert.Equal(model.Now, on.Content(path));
            for (var i = 0; i < 5; i++)
            {
                var after = on.Crashed(Survival.AnySubset(dice));
                foreach (var (path, model) in models) model.CheckSurvivor(after.Content(path), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void The_enumeration_yields_every_combination_of_the_model_once_and_no_other()
    {
        var several = 0;
        for (var seed = 1UL; seed <= 150; seed++)
        {
            var (on, models) = RunScript(new Dice(seed), files: 2, steps: 6);
            var expected = 1L;
            foreach (var (_, model) in models) expected *= model.Combinations();
            if (expected > 3000) continue;
            if (expected > 8) several++;
            Assert.Equal(expected, on.Disk.CrashOutcomes(10_000));
            var every = new EveryOutcome();
            do
            {
                var after = on.Crashed(every);
                foreach (var (path, model) in models) model.CheckSurvivor(after.Content(path), $"seed {seed}");
            }
            while (every.MoveNext());
            Assert.Equal(expected, every.Count);
        }
        Assert.True(several > 30, $"only {several} seeds had something to enumerate");
    }

    [Fact]
    public void The_number_of_outcomes_stops_at_the_limit()
    {
        var on = new Tester();
        on.Make("d/a", Tester.Filled(Sector * 30, 1));
        on.Write("d/a", 0, Tester.Filled(Sector * 30, 2));
        Assert.Equal(5000, on.Disk.CrashOutcomes(5000));
        Assert.Equal(1L << 30, on.Disk.CrashOutcomes(long.MaxValue / 100));
    }

    private static (Tester On, List<(string Path, Model Model)> Models) RunScript(Dice dice, int files, int steps)
    {
        var on = new Tester();
        var models = new List<(string, Model)>();
        for (var i = 0; i < files; i++)
        {
            models.Add(($"d/{i}", new Model()));
            on.Make($"d/{i}");
        }
        for (var i = 0; i < steps; i++)
        {
            var (path, model) = models[dice.Below(files)];
            if (dice.Chance(250))
            {
                on.Sync(path);
                model.Sync();
            }
            else
            {
                var (offset, bytes) = (dice.Below(1500), Tester.Random(dice, 1 + dice.Below(dice.Chance(500) ? 20 : 900)));
                on.Write(path, offset, bytes);
                model.Write(offset, bytes);
            }
        }
        return (on, models);
    }

    private sealed class Model
    {
        private readonly List<byte[]> _images = [[]];

        internal byte[] Now => _images[^1];

        internal void Write(int offset, byte[] bytes)
        {
            var next = new byte[Math.Max(Now.Length, offset + bytes.Length)];
            Now.CopyTo(next, 0);
            bytes.CopyTo(next, offset);
            _images.Add(next);
        }

        internal void Sync() => _images.RemoveRange(0, _images.Count - 1);

        /// <summary>A length that was there, and in each sector what was there at one time, cut to the length.</summary>
        internal void CheckSurvivor(byte[] survivor, string name)
        {
            Assert.Contains(survivor.Length, _images.Select(image => image.Length));
            for (var sector = 0; sector * Sector < survivor.Length; sector++)
            {
                var count = Math.Min(Sector, survivor.Length - sector * Sector);
                var kept = survivor.AsSpan(sector * Sector, count);
                var isKnown = false;
                foreach (var image in _images) isKnown |= SectorOf(image, sector).AsSpan(0, count).SequenceEqual(kept);
                Assert.True(isKnown, $"{name}: sector {sector} holds what nobody wrote");
            }
        }

        internal long Combinations()
        {
            var product = 1L + Changes(image => Convert.ToHexString(BitConverter.GetBytes(image.Length)));
            for (var i = 0; i * Sector < Now.Length; i++)
            {
                var sector = i;
                product *= 1 + Changes(image => Convert.ToHexString(SectorOf(image, sector)));
            }
            return product;
        }

        private int Changes(Func<byte[], string> look)
        {
            var changes = 0;
            for (var i = 1; i < _images.Count; i++)
                if (look(_images[i]) != look(_images[i - 1])) changes++;
            return changes;
        }

        private static byte[] SectorOf(byte[] image, int sector)
        {
            var bytes = new byte[Sector];
            if (sector * Sector < image.Length)
                image.AsSpan(sector * Sector, Math.Min(Sector, image.Length - sector * Sector)).CopyTo(bytes);
            return bytes;
        }
    }
}
