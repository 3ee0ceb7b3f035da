using Gantry;
using Gantry.Environments;
using Gantry.Nuke;
using Gantry.Oci;
using Gantry.Registries;
using Serilog;

/// <summary>
/// Opens registries of your own organization only, and logs each repository that is opened. A client of your own can also open addresses in
/// another way: an <see cref="IImageRepository"/> may be anything that holds images.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main() => Execute<Build>(x => ((IPushBase)x).PushBase);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public Configure<IRegistryClient> RegistryClientSettings => _ => new OwnRegistriesOnly(_, "contoso.com");
}

/// <summary>Opens registries of one domain only.</summary>
class OwnRegistriesOnly(IRegistryClient client, string domain) : IRegistryClient
{
    public IImageRepository Open(RegistryAddress address, string repository)
    {
        if (address is HostAddress { Host: var host, IsLoopback: false }
            && !host.Split(':')[0].EndsWith("." + domain, StringComparison.OrdinalIgnoreCase))
        {
            throw new GantryException(
                "APP1002",
                $"{address} is not a registry of {domain}",
                "copy the image to a registry of your own first");
        }

        Log.Information("Opened {Repository:l}", address.Describe(repository));
        return client.Open(address, repository);
    }
}
