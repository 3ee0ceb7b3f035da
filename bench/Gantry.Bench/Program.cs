using System.CommandLine;
using Gantry.Bench;
using Gantry.Testing.Simulation;

var gantry = new Option<FileInfo>("--gantry") { Description = "The program to measure, published ahead of time.", Required = true };
var sets = new Option<string[]>("--sets")
{
    Description = "Which images.",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["small", "multi", "refs", "tags"],
};
var modes = new Option<string[]>("--modes")
{
    Description = string.Join(", ", ComparisonModes.All) + ".",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ComparisonModes.All,
};
var rounds = new Option<int>("--rounds") { Description = "How often.", DefaultValueFactory = _ => 5 };
var work = new Option<DirectoryInfo>("--work")
{
    Description = "Where registries keep their images; a folder in memory (/dev/shm/…) measures tools instead of disks.",
    Required = true,
};
var docker = new Option<string>("--docker") { Description = "An engine to compare with as well, for example unix:///var/run/docker.sock." };
var roundTrip = new Option<double>("--round-trip")
{
    Description = "What a request over the slow connection waits for its answer at least, in milliseconds.",
    DefaultValueFactory = _ => 30,
};
var speed = new Option<double>("--speed")
{
    Description = "What a connection over the slow connection carries, in MiB a second.",
    DefaultValueFactory = _ => 12,
};
var output = new Option<FileInfo>("--output") { Description = "Where to write the table; otherwise it is printed." };
var command = new RootCommand("Compares copying between registries with what a user would pick instead.")
{
    gantry, sets, modes, rounds, work, docker, roundTrip, speed, output,
};

command.SetAction(async (parsed, cancellationToken) =>
{
    var chosen = parsed.GetRequiredValue(sets).Select(name => ImageSet.All.Single(set => set.Name == name)).ToList();
    var folder = parsed.GetRequiredValue(work).FullName;
    var connectionSpeed = new ConnectionSpeed(TimeSpan.FromMilliseconds(parsed.GetValue(roundTrip)), parsed.GetValue(speed) * 1024 * 1024);
    using var comparison = await Comparison.StartAsync(
        folder, parsed.GetRequiredValue(gantry).FullName, parsed.GetValue(docker), connectionSpeed, cancellationToken);
    await comparison.SeedAsync(chosen);
    var measurements = await comparison.RunAsync(chosen, parsed.GetRequiredValue(modes), parsed.GetValue(rounds), cancellationToken);

    var table = string.Join('\n', Report.Write(measurements)) + "\n";
    if (parsed.GetValue(output) is { } file)
        await File.WriteAllTextAsync(file.FullName, table, cancellationToken);
    else
        await Console.Out.WriteAsync(table);
});

var environments = new Option<int>("--environments") { Description = "How many environments.", DefaultValueFactory = _ => 20 };
var images = new Option<int>("--images") { Description = "How many images.", DefaultValueFactory = _ => 50 };
var signing = new Command("signing", "Measures what signing and verifying cost, and the table of environments.") { environments, images };
signing.SetAction(async (parsed, _) =>
{
    var folder = Directory.CreateTempSubdirectory("gantry-bench-");
    try
    {
        await SigningCost.WriteAsync(Console.Out, parsed.GetValue(environments), parsed.GetValue(images), folder.FullName);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});
command.Subcommands.Add(signing);

var regionImages = new Option<int>("--region-images") { Description = "How many images, of regions.", DefaultValueFactory = _ => 1000 };
var regions = new Option<int>("--regions") { Description = "How many regions.", DefaultValueFactory = _ => 20 };
var status = new Command("status", "Measures what the status of many environments costs, and that of many regions in simulation.")
{
    environments, images, regionImages, regions, roundTrip,
};
status.SetAction(async (parsed, _) =>
{
    var folder = Directory.CreateTempSubdirectory("gantry-bench-");
    var latency = TimeSpan.FromMilliseconds(parsed.GetValue(roundTrip));
    try
    {
        await StatusCost.WriteAsync(
            Console.Out, parsed.GetValue(environments), parsed.GetValue(images), latency, Path.Combine(folder.FullName, "environments"));
        await StatusCost.SimulateAsync(
            Console.Out, parsed.GetValue(regionImages), parsed.GetValue(regions), latency, Path.Combine(folder.FullName, "regions"));
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});
command.Subcommands.Add(status);

var build = new Option<FileInfo>("--build") { Description = "The compiled Gantry.Nuke.Shapes.dll, whose builds run.", Required = true };
var layers = new Command("layers", "Measures the bytes that a changed line moves, with one layer and with layers that stay.") { build };
layers.SetAction((parsed, _) => LayerBytes.WriteAsync(Console.Out, parsed.GetRequiredValue(build).FullName));
command.Subcommands.Add(layers);

var fleetImages = new Option<int>("--fleet-images") { Description = "How many images, of regions.", DefaultValueFactory = _ => 1000 };
var chainImages = new Option<int>("--chain-images") { Description = "How many images, of environments.", DefaultValueFactory = _ => 10000 };
var platforms = new Option<int>("--platforms") { Description = "How many platforms.", DefaultValueFactory = _ => 4 };
var changed = new Option<int>("--changed") { Description = "How many images change.", DefaultValueFactory = _ => 12 };
var tier = new Option<string>("--tier")
{
    Description = string.Join(", ", RegistryConditions.Tiers.Keys) + ".",
    DefaultValueFactory = _ => "Premium",
};
var fleet = new Command("fleet", "Simulates promotions of many images to many registries, in virtual time.")
{
    fleetImages, regions, chainImages, images, environments, platforms, changed, tier, roundTrip,
};
fleet.SetAction(async (parsed, _) =>
{
    var conditions = RegistryConditions.Tiers[parsed.GetRequiredValue(tier)] with
    {
        RoundTrip = TimeSpan.FromMilliseconds(parsed.GetValue(roundTrip)),
    };
    var cost = new FleetCost(Console.Out, conditions);
    var (imagesOfRegions, ofEach) = (parsed.GetValue(fleetImages), parsed.GetValue(platforms));
    await cost.WriteRegionsAsync(imagesOfRegions, ofEach, parsed.GetValue(regions), parsed.GetValue(changed));
    await cost.WriteUnevenAsync(imagesOfRegions / 10, ofEach, parsed.GetValue(regions));
    await cost.WriteStatusAsync(parsed.GetValue(images), parsed.GetValue(environments));
    await cost.WriteEnvironmentsAsync(parsed.GetValue(chainImages), ofEach, parsed.GetValue(changed));
});
command.Subcommands.Add(fleet);
return await command.Parse(args).InvokeAsync();
