namespace Balsa.Course.Tests.Images;

/// <summary>No engine runs these files here, so they are read and compared with the course and with the program.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Numbers = ["1", "2", "3", "4", "5"];

    [Fact]
    [Row("S1-27", "S3-21")]
    public void Every_compose_file_keeps_the_rules()
    {
        Assert.Equal(["compose.yml", "cs380d.yml", "multicast.yml"], ComposeFile.All);
        foreach (var file in ComposeFile.All)
            Assert.True(ComposeRules.Violations(ComposeFile.Read(file)).ToList() is [], $"{file}: {Told(ComposeFile.Read(file))}");
    }

    [Theory]
    [InlineData("compose.yml")]
    [InlineData("multicast.yml")]
    [Row("S0-01", "S1-27", "S3-21")]
    public void Services_and_containers_have_the_names_of_the_course(string name)
    {
        var file = ComposeFile.Read(name);
        Assert.Equal([.. Numbers.Select(i => $"node{i}"), "controller"], file.Services.Select(service => service.Name));
        Assert.Equal([.. Numbers.Select(i => $"Node{i}"), "Controller"], file.Services.Select(service => service.Text("container_name")));
        Assert.Equal("true", file["controller"].Text("stdin_open"));
        Assert.Equal(Numbers.Select(i => $"node{i}"), file["controller"].WaitsFor.Keys);
        var nodes = string.Join(',', Numbers.Select(i => $"Node{i}=node{i}:5555"));
        Assert.Equal(nodes, file["controller"].Environment["BALSA_CONTROLLER_NODES"]);
    }

    [Theory]
    [InlineData("compose.yml")]
    [InlineData("multicast.yml")]
    [Row("S0-01", "S1-27")]
    public void Nodes_have_the_same_words_and_differ_by_their_variables_alone(string name)
    {
        var file = ComposeFile.Read(name);
        Assert.All(file.Nodes, node => Assert.Equal(file.Nodes[0].Command, node.Command));
        var list = string.Join(',', Numbers.Select(i => $"Node{i}=http://node{i}:2380"));
        Assert.Equal(list, ValueOf(file.Nodes[0], "--initial-cluster"));
        Assert.Equal("http://0.0.0.0:2380", ValueOf(file.Nodes[0], "--listen-peer-urls"));
        Assert.Equal("http://0.0.0.0:2379", ValueOf(file.Nodes[0], "--listen-client-urls"));
        Assert.Equal(file.Subnet, ValueOf(file.Nodes[0], "--controller-allow"));
        foreach (var (node, i) in file.Nodes.Zip(Numbers))
        {
            Assert.Equal($"Node{i}", node.Environment.GetValueOrDefault("app_name") ?? node.Environment["BALSA_NAME"]);
            Assert.Equal($"http://node{i}:2380", node.Environment["BALSA_INITIAL_ADVERTISE_PEER_URLS"]);
            Assert.Equal($"http://node{i}:2379", node.Environment["BALSA_ADVERTISE_CLIENT_URLS"]);
            Assert.Equal([$"127.0.0.1:2379{i}:2379"], node.Ports);
            Assert.Equal([$"node{i}:/var/lib/balsa"], node.Volumes);
        }
    }

    [Fact]
    [Row("S3-20", "S3-21")]
    public void The_group_has_the_variables_of_the_course_and_addresses_of_its_own()
    {
        var file = ComposeFile.Read("multicast.yml");
        foreach (var (node, i) in file.Nodes.Zip(Numbers))
        {
            var variables = node.Environment.Where(one => !one.Key.StartsWith("BALSA_", StringComparison.Ordinal));
            Assert.Equal(
                $"app_name=Node{i} Port=5555 group=224.1.1.1 tor1=5 tor2=10 heartrate=.25 client_host=220.1.1.1 client_port=5000",
                string.Join(' ', variables.Select(one => $"{one.Key}={one.Value}")));
            Assert.Equal($"{node.Address}:5555", node.Environment["BALSA_CONTROLLER"]);
            Assert.Equal($"224.1.1.1:5555@{node.Address}", node.Environment["BALSA_CONTROLLER_GROUP"]);
        }

        Assert.Equal(6, file.Services.Select(service => service.Address).Distinct().Count());
        var controller = file["controller"];
        Assert.Equal($"224.1.1.1:5555@{controller.Address}", ValueOf(controller, "--group"));
        Assert.Equal(("Controller", "5555", "224.1.1.1"),
            (controller.Environment["app_name"], controller.Environment["Port"], controller.Environment["group"]));
    }

    [Fact]
    public void The_front_end_of_CS_380D_is_published_on_8001()
    {
        var frontend = Assert.Single(ComposeFile.Read("cs380d.yml").Services);
        Assert.Equal(("frontend", "frontend"), (frontend.Name, frontend.Text("container_name")));
        Assert.Equal(["127.0.0.1:8001:8001"], frontend.Ports);
        Assert.Equal(("8001", "0.0.0.0"), (ValueOf(frontend, "--port"), ValueOf(frontend, "--listen")));
    }

    [Theory]
    [InlineData("--wal-segment-bytes", "--wal-segment-byte", "no flag --wal-segment-byte")]
    [InlineData("BALSA_NAME: Node3", "BALSA_NAMES: Node3", "no variable BALSA_NAMES")]
    [InlineData("container_name: Node4", "container_name: Node5", "two services are called Node5")]
    [InlineData("node2:/var/lib/balsa", "node1:/var/lib/balsa", "volume node1 is in two services")]
    [InlineData("node2:/var/lib/balsa", "node2:/data", "is not for the data")]
    [InlineData("127.0.0.1:23793:2379", "23793:2379", "published on loopback alone")]
    [InlineData("127.0.0.1:23793:2379", "127.0.0.1:23792:2379", "is published twice")]
    [InlineData("condition: service_healthy", "condition: service_started", "cannot wait until node1")]
    [InlineData("build: ../..", "build: ..", "no Dockerfile")]
    [InlineData("[CMD, balsa, status", "[CMD-SHELL, curl, status", "without a shell")]
    [InlineData("\"127.0.0.1:2379\", --timeout", "\"127.0.0.1:2378\", --timeout", "asked at a wrong port")]
    [InlineData("restart: \"no\"", "restart: always", "must stay down")]
    [InlineData("disable: true", "interval: 5s", "its image asks")]
    [InlineData("stdin_open", "stdin_opened", "stdin_opened is not known")]
    public void A_mistake_in_a_compose_file_is_found(string right, string wrong, string told)
    {
        var text = ComposeFile.TextOf("compose.yml");
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Contains(told, Told(ComposeFile.Parse(text.Replace(right, wrong, StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1\na: 2", "line 2: the key a stands there twice")]
    [InlineData("a:\n  b: 1\n c: 2", "line 3: it stands at a wrong depth")]
    [InlineData("a: *b", "line 1: *b is not known")]
    [InlineData("a: [1, 2", "line 1: a list that does not end")]
    [InlineData("a: 23791:2379", "line 1: \"23791:2379\" is not read here")]
    [InlineData("a: no", "line 1: \"no\" is not read here")]
    [InlineData("a: 'b'", "line 1: \"'b'\" is not read here")]
    [InlineData("a: |", "line 1: \"|\" is not read here")]
    [InlineData("a:\nb: 1", "line 1: a key without a value")]
    [InlineData("- a\n- b", "line 1: the top is no mapping")]
    public void What_the_reader_does_not_know_is_refused(string text, string told) =>
        Assert.StartsWith(told, Assert.Throws<FormatException>(() => YamlReader.Read(text)).Message, StringComparison.Ordinal);

    internal static string? ValueOf(ComposeService service, string flag) =>
        service.Command.SkipWhile(word => word != flag).Skip(1).FirstOrDefault();

    private static string Told(ComposeFile file) => string.Join("; ", ComposeRules.Violations(file));
}
