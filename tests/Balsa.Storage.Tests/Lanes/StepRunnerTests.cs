using Balsa.Raft;
using Balsa.Storage.Disks;
using Balsa.Storage.Lanes;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Lanes;

public sealed class StepRunnerTests
{
    [Fact]
    public void A_job_sees_the_result_of_each_step_before_it_plans_the_next()
    {
        using var scratch = new Scratch();
        long? length = null;
        StepRunner.Run(Job(), SystemDisk.Create());
        Assert.Equal(5, length);

        IEnumerable<IoStep> Job()
        {
            var (step, file) = (new IoStep(), new StoredFile(Path.Combine(scratch.Path, "a")));
            yield return step.Open(IoSite.OpenSegment, file);
            Assert.Equal(DiskError.NotFound, step.Error);
            yield return step.Create(IoSite.CreateSpare, file);
            step.OrStop();
            yield return step.Write(IoSite.ZeroSpare, file, 0, "12345"u8.ToArray());
            step.OrStop();
            yield return step.Close(file);
            step.OrStop();
            yield return step.OpenToRead(IoSite.OpenEntries, file);
            step.OrStop();
            length = step.Count;
            yield return step.Close(file);
        }
    }

    [Fact]
    public void An_error_that_ends_the_node_comes_out_with_its_place()
    {
        var problem = Assert.Throws<StorageException>(() => StepRunner.Run(Job(), SystemDisk.Create()));
        Assert.Equal((IoSite.OpenSegment, DiskError.NotFound), (problem.Site, problem.Error));

        static IEnumerable<IoStep> Job()
        {
            var step = new IoStep();
            yield return step.Open(IoSite.OpenSegment, new StoredFile("there/is/no/such/file"));
            step.OrStop();
        }
    }

    [Fact]
    public void A_job_that_waits_is_a_mistake()
    {
        Assert.Throws<InvariantBrokenException>(() => StepRunner.Run([new IoStep().Wait(1)], SystemDisk.Create()));
    }
}
