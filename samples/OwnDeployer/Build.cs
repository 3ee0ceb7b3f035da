using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Nuke;

/// <summary>
/// Deploys by writing the image into a file that a service on the host watches, such as a systemd path unit with podman. A deployment is a
/// record that an environment declares, and a deployer that carries it out when the images are in place.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main() => Execute<Build>(x => x.PromoteDev);

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev") { Deployments = [new FileDeployment("hosts/dev/image.txt")] };

    public Configure<IReadOnlyList<IDeployer>> DeployerSettings => _ => [new FileDeployer(RootDirectory), .. _];

    Target PromoteDev => _ => _.Promote(this, Dev);
}

/// <summary>Writes the image into a file. The description is what people and records call the deployment.</summary>
record FileDeployment(string File) : Deployment
{
    public override string Description => $"image of {File}";

    // Also runs while the registry is a folder of this machine.
    public override bool IsOnThisMachine(Func<string, string?> variable) => true;
}

/// <summary>Compares the file while the promotion is planned, and writes it when the images are in place.</summary>
class FileDeployer(AbsolutePath root) : IDeployer
{
    public bool Accepts(Deployment deployment) => deployment is FileDeployment;

    public Task<HostState> InspectAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var file = FileOf(order);
        var current = file.FileExists() ? file.ReadAllText().Trim() : null;
        return Task.FromResult(new HostState(current, IsCurrent: current == order.Reference));
    }

    public async Task<string> DeployAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        // A deployment can be repeated: it changes the host only when it is necessary.
        if ((await InspectAsync(order, cancellationToken)).IsCurrent)
            return "has it already";

        FileOf(order).WriteAllText(order.Reference + "\n");
        return $"set to {order.Reference}";
    }

    private AbsolutePath FileOf(DeploymentOrder order) => root / ((FileDeployment)order.Deployment).File;
}
