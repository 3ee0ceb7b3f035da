using Gantry.Environments;

namespace Gantry.Tests.Deployments;

/// <summary>A deployment as a user of the packages declares it.</summary>
internal sealed record OwnDeployment(string Place) : Deployment
{
    public override string Description => $"copy to {Place}";

    public override IEnumerable<string> Variables => ["COPY_KEY"];

    public override bool IsOnThisMachine(Func<string, string?> variable) => Place == "here";

    protected override string? Validate() => Place.Length == 0 ? "it names no place" : null;
}
