using Azure.Core;
using Gantry.AzurePipelines.Service;
using Gantry.Nuke.AzureDevOps;

namespace Gantry.Nuke.Tests.AzureDevOps;

public class EntraCredentialTests
{
    private static readonly AzureDevOpsProject Project = AzureDevOpsProject.Parse("contoso", "Shop");

    [Fact]
    public async Task An_Azure_sign_in_gives_a_token_for_Azure_DevOps()
    {
        var signIn = new FakeTokenCredential(_ => "token");

        var header = await new EntraCredential(Project, () => signIn, new SecretMask()).GetAsync(default);

        Assert.Equal("Bearer token", header.ToString());
        Assert.Equal(["499b84ac-1321-427f-aa17-267ca6975798/.default"], signIn.Scopes);
    }

    [Theory]
    [InlineData("GAN9001", ErrorKind.NotSignedIn, "GAN9042")]
    [InlineData("GAN9007", ErrorKind.NotSignedIn, "GAN9042")]
    [InlineData("GAN9002", default(ErrorKind), "GAN9002")]
    public async Task Without_a_sign_in_the_error_has_the_remedy(string code, ErrorKind kind, string expected)
    {
        var refusal = new GantryException(code, "the Azure CLI has no account", "sign in") { Kind = kind };
        var credential = new EntraCredential(Project, () => new FakeTokenCredential(_ => throw refusal), new SecretMask());

        var error = await Assert.ThrowsAsync<GantryException>(async () => await credential.GetAsync(default));

        Assert.Equal(expected, error.Code);
        Assert.Contains("the Azure CLI has no account", error.Problem, StringComparison.Ordinal);
    }

    private sealed class FakeTokenCredential(Func<TokenRequestContext, string> token) : TokenCredential
    {
        public IReadOnlyList<string> Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new(new AccessToken(token(requestContext), DateTimeOffset.MaxValue));
        }
    }
}
