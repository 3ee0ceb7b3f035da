using Gantry.Status;

namespace Gantry.Images.Checking;

/// <summary>Adds to a status which releases stand on a base image that has moved on.</summary>
/// <param name="checker">The checker; without comparing packages, it reads no layers.</param>
public sealed class BaseImageStatusSource(BaseImageChecker checker) : IStatusSource
{
    /// <inheritdoc/>
    public async Task<StatusAddition> ReadAsync(FleetStatus status, CancellationToken cancellationToken) =>
        new() { Marks = (await checker.CheckAsync(status, cancellationToken)).Marks };
}
