using System.Net;
using Azure.Core;
using Gantry.Azure.Registries;
using Gantry.Azure.SignIn;
using Gantry.Azure.Tests.Fakes;
using Gantry.Copying;
using Gantry.Formatting;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Azure.Tests.Registries;

/// <summary>Promotions in which the target imports: Azure Resource Manager is imitated, its imports really copy.</summary>
public sealed class ImportTests : AzureRegistryTestBase
{
    [RegistryTheory]
    [InlineData("Immediate")]
    [InlineData("Location")]
    [InlineData("AsyncOperation")]
    [InlineData("None")]
    public async Task The_target_imports_the_image_and_its_attachments_are_copied(string tracking)
    {
        Registries.Manager.Tracking = Enum.Parse<OperationTracking>(tracking);
        var release = await Registries.PublishAsync("1.0.0", seed: 1);
        var import = new AcrImport(Registries.Azure);

        var plan = await Registries.PlanAsync(Registries.Request(release), import);
        Assert.Empty(Registries.Manager.Imports);
        var outcome = await Registries.ApplyAsync(plan);
        outcome.ThrowIfFailed();

        await Registries.AssertCompleteAsync(release);
        var body = Assert.Single(Registries.Manager.Imports);
        Assert.Equal(FakeRegistryResourceManager.IdOf("contosobase"), (string?)body["source"]!["resourceId"]);
        Assert.Equal($"team/app@{release.Images[0].Digest}", (string?)body["source"]!["sourceImage"]);
        Assert.Equal("live/app", (string?)body["untaggedTargetRepositories"]![0]);

        Assert.Equal(0, plan.BytesToMove);
        Assert.Contains(
            PromotionFormatter.Describe(plan), line => line.Contains("imported by contosoprod.azurecr.io", StringComparison.Ordinal));
        Assert.Contains(
            PromotionFormatter.Describe(outcome), line => line.Contains("imported by contosoprod.azurecr.io", StringComparison.Ordinal));
        Registries.Hosts.AssertNoViolation();
    }

    [RegistryFact]
    public async Task An_import_with_an_unreadable_operation_is_followed_at_the_registry()
    {
        Registries.Manager.DeniesOperationStatus = true;
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var outcome = await Registries.PromoteAsync(Registries.Request(release), new AcrImport(Registries.Azure) { IsRequired = true });

        Assert.Contains(
            "imported by contosoprod.azurecr.io", Assert.Single(PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
        await Registries.AssertCompleteAsync(release);
    }

    [RegistryFact]
    public async Task No_layer_flows_through_this_machine()
    {
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var outcome = await Registries.PromoteAsync(Registries.Request(release), new AcrImport(Registries.Azure));

        // The largest of the uploads is the signature: the image has layers of 30 and 50 kB.
        Assert.InRange(outcome.Targets[0].Images[0].BytesUploaded, 1, 10_000);
    }

    [RegistryFact]
    public async Task A_registry_is_looked_up_once_and_never_when_its_id_is_declared()
    {
        var release = await Registries.PublishAsync("1.0.0", seed: 1);
        var import = new AcrImport(Registries.Azure)
        {
            ResourceIdOf = host => host == AzureRegistryFixture.BaseHost ? FakeRegistryResourceManager.IdOf("contosobase") : null,
        };

        await Registries.PromoteAsync(Registries.Request(release), import);

        Assert.Equal(1, Registries.Manager.Searches);
        await Registries.AssertCompleteAsync(release);
    }

    [RegistryFact]
    public async Task A_failed_lookup_of_a_registry_is_repeated()
    {
        Registries.Manager.SearchesToFail = 1;
        var import = new AcrImport(Registries.Azure);

        var first = await import.CheckAsync(Registries.Base, Registries.Prod, CancellationToken.None);
        var second = await import.CheckAsync(Registries.Base, Registries.Prod, CancellationToken.None);
        await import.CheckAsync(Registries.Base, Registries.Prod, CancellationToken.None);

        Assert.False(first!.Succeeded);
        Assert.True(second!.Succeeded);
        Assert.Equal(3, Registries.Manager.Searches);
    }

    [RegistryFact]
    public async Task Parts_missing_after_an_import_are_copied()
    {
        Registries.Manager.LosesImports = true;
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var outcome = await Registries.PromoteAsync(Registries.Request(release), new AcrImport(Registries.Azure));

        Assert.Single(Registries.Manager.Imports);
        await Registries.AssertCompleteAsync(release);
        Assert.Contains("4 of its parts copied", Assert.Single(PromotionFormatter.Describe(outcome)), StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task Without_the_right_to_import_the_image_is_copied_and_the_right_is_named()
    {
        var target = FakeRegistryResourceManager.IdOf("contosoprod");
        Registries.Manager.Refusal = (HttpStatusCode.Forbidden, "AuthorizationFailed",
            "The client '1' with object id '1' does not have authorization to perform action "
                + $"'Microsoft.ContainerRegistry/registries/importImage/action' over scope '{target}' or the scope is invalid.");
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var outcome = await Registries.PromoteAsync(Registries.Request(release), new AcrImport(Registries.Azure));

        await Registries.AssertCompleteAsync(release);
        var line = Assert.Single(PromotionFormatter.Describe(outcome));
        Assert.Contains(
            "copied, because the Azure identity lacks the right Microsoft.ContainerRegistry/registries/importImage/action",
            line,
            StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task With_an_import_required_a_refusal_is_an_error_and_nothing_is_tagged()
    {
        Registries.Manager.Refusal = (HttpStatusCode.Forbidden, "AuthorizationFailed",
            "The client '1' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/importImage/action' over "
                + "scope '/prod' or the scope is invalid.");
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Registries.PromoteAsync(Registries.Request(release), new AcrImport(Registries.Azure) { IsRequired = true }));

        Assert.Equal("GAN9013", error.Code);
        Assert.Contains("Container Registry Data Importer and Data Reader", error.Remedy, StringComparison.Ordinal);
        Assert.Null(await Registries.Session.Open(Registries.Prod, "app").FindTagAsync("1.0.0", CancellationToken.None));
    }

    [RegistryTheory]
    [InlineData("Location")]
    [InlineData("AsyncOperation")]
    public async Task A_failed_import_is_reported_with_the_reason(string tracking)
    {
        Registries.Manager.Tracking = Enum.Parse<OperationTracking>(tracking);
        Registries.Manager.OperationError = "the source does not let the target in";
        var release = await Registries.PublishAsync("1.0.0", seed: 1);

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            Registries.PromoteAsync(Registries.Request(release), new AcrImport(Registries.Azure) { IsRequired = true }));

        Assert.Equal("GAN9017", error.Code);
        Assert.Contains("the source does not let the target in", error.Problem, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_release_that_is_there_sends_no_request_to_Azure()
    {
        var release = await Registries.PublishAsync("1.0.0", seed: 1);
        await Registries.PromoteAsync(Registries.Request(release));

        var plan = await Registries.PlanAsync(Registries.Request(release), new AcrImport(Registries.Azure));

        Assert.True(plan.NothingMoves);
        Assert.Empty(Registries.Hosts.Requests);
    }

    [Theory]
    [InlineData("oci:artifacts/base", "contosoprod.azurecr.io", "oci:artifacts/base is not an Azure registry")]
    [InlineData("contosobase.azurecr.io", "docker.io/contoso", "docker.io/contoso is not an Azure registry")]
    [InlineData("contoso.azurecr.io/base", "contoso.azurecr.io/prod", "the same registry")]
    [InlineData("contosobase.azurecr.io", "contosoprod.azurecr.cn", "different clouds")]
    public async Task Images_are_imported_only_between_AzureRegistries(string from, string to, string reason)
    {
        using var azure = new AzureSession(
            new AzureSessionOptions { SignIn = (_, _) => throw new InvalidOperationException("A sign-in is not expected.") });
        var (source, target) = (RegistryAddress.Parse(from), RegistryAddress.Parse(to));

        Assert.Null(await new AcrImport(azure).CheckAsync(source, target, CancellationToken.None));
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new AcrImport(azure) { IsRequired = true }.CheckAsync(source, target, CancellationToken.None));

        Assert.Equal("GAN9020", error.Code);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
    }

    [RegistryFact]
    public async Task A_registry_hidden_from_the_identity_is_copied_to_and_named()
    {
        var unseen = RegistryAddress.Parse("unseen.azurecr.io");
        var import = new AcrImport(Registries.Azure);

        var answer = await import.CheckAsync(Registries.Base, unseen, CancellationToken.None);
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new AcrImport(Registries.Azure) { IsRequired = true }.CheckAsync(Registries.Base, unseen, CancellationToken.None));

        Assert.False(answer!.Succeeded);
        Assert.Contains("unseen.azurecr.io", answer.Reason, StringComparison.Ordinal);
        Assert.Equal("GAN9020", error.Code);
    }

    [Fact]
    public async Task Without_a_sign_in_to_Azure_images_are_copied()
    {
        using var azure = new AzureSession(new AzureSessionOptions
        {
            Handler = new FakeHttpHosts(),
            SignIn = (_, _) => DelegatedTokenCredential.Create(
                (_, _) => throw new NotSupportedException(),
                (_, _) => throw new GantryException("GAN9001", "nobody, says everyone at length", "sign in")),
        });

        var answer = await new AcrImport(azure).CheckAsync(
            RegistryAddress.Parse(AzureRegistryFixture.BaseHost),
            RegistryAddress.Parse(AzureRegistryFixture.ProdHost),
            CancellationToken.None);

        Assert.Equal(new TransferResult(false, "not signed in to Azure"), answer);
    }

    [Fact]
    public async Task A_malformed_resource_id_is_an_error_instead_of_a_copy()
    {
        using var azure = new AzureSession(new AzureSessionOptions());
        var import = new AcrImport(azure) { ResourceIdOf = _ => "contosobase" };

        var error = await Assert.ThrowsAsync<GantryException>(() =>
            import.CheckAsync(
                RegistryAddress.Parse(AzureRegistryFixture.BaseHost),
                RegistryAddress.Parse(AzureRegistryFixture.ProdHost),
                CancellationToken.None));

        Assert.Equal("GAN9019", error.Code);
    }
}
