namespace Balsa.Course.Tests.Images;

/// <summary>The image is read as the compose files are: nothing here can build it.</summary>
public sealed class DockerfileTests
{
    [Fact]
    [Row("S1-28", "S3-22", "M3-17")]
    public void The_image_has_stages_a_user_of_its_own_a_health_check_and_fetches_nothing() => Assert.Equal("", Told(Dockerfile.Text));

    [Theory]
    [InlineData("COPY bench/ bench/", "", "the build needs bench/")]
    [InlineData("COPY samples/metrics/ samples/metrics/", "", "the build needs samples/metrics/")]
    [InlineData(" .editorconfig", "", "the build needs .editorconfig")]
    [InlineData("COPY src/ src/", "COPY source/ src/", "source/ does not exist")]
    [InlineData("COPY src/ src/", "COPY src/ src/\nCOPY docs/STYLE.md ./", "docs/STYLE.md is ignored")]
    [InlineData("COPY src/ src/", "COPY src/ src/\nADD https://www.google.com /tmp/now", "another thing tomorrow")]
    [InlineData("--from=build", "--from=builder", "there is no stage builder")]
    [InlineData("sdk:10.0.401", "sdk:10.0", "is not pinned")]
    [InlineData("sdk:10.0.401", "sdk:9.0.401", "global.json refuses the SDK")]
    [InlineData("/aspnet:", "/runtime:", "lacks ASP.NET")]
    [InlineData("USER $APP_UID", "", "runs as root")]
    [InlineData("USER $APP_UID", "USER root", "runs as root")]
    [InlineData("5555/udp", "5555/tcp", "5555/udp is not exposed")]
    [InlineData("CMD [\"balsa\", \"status\"", "CMD [\"curl\", \"status\"", "by the program itself")]
    [InlineData("\"--endpoints\"", "\"--endpoint\"", "no flag --endpoint in")]
    [InlineData("ENTRYPOINT [\"balsa\"]", "ENTRYPOINT balsa", "not what is started")]
    [InlineData("WORKDIR /source", "WORK /source", "WORK is no instruction")]
    public void A_mistake_in_the_image_is_found(string right, string wrong, string told)
    {
        Assert.Contains(right, Dockerfile.Text, StringComparison.Ordinal);
        Assert.Contains(told, Told(Dockerfile.Text.Replace(right, wrong, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Told(string text) => string.Join("; ", DockerfileRules.Violations(Dockerfile.Parse(text)));
}
