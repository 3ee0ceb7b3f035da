using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Registries;

namespace Gantry.Nuke.Tests.Registries;

public sealed class RegistryPasswordsTests
{
    private static readonly (string, string)[] Registries =
    [
        ("ProdRegistry", "harbor.contoso.com"), ("TestRegistry", "harbor.contoso.com"), ("BaseRegistry", "ghcr.io"),
    ];

    [Fact]
    public async Task Each_host_gets_the_credential_of_its_own_registry_only()
    {
        var passwords = Create(("BaseRegistryUser", "octo"), ("BaseRegistryPassword", "ghp_1"));
        Assert.Equal(new PasswordCredential("octo", "ghp_1"), await passwords.FindAsync("ghcr.io", default));
        Assert.Null(await passwords.FindAsync("harbor.contoso.com", default));
        Assert.Null(await passwords.FindAsync("other.contoso.com", default));
    }

    [Fact]
    public async Task Of_two_registries_on_one_host_the_first_one_with_a_variable_counts()
    {
        (string, string)[] test = [("TestRegistryUser", "robot$test"), ("TestRegistryPassword", "t")];
        (string, string)[] prod = [("ProdRegistryUser", "robot$prod"), ("ProdRegistryPassword", "p")];
        Assert.Equal(
            new PasswordCredential("robot$prod", "p"), await Create([.. test, .. prod]).FindAsync("harbor.contoso.com", default));
        Assert.Equal(new PasswordCredential("robot$test", "t"), await Create(test).FindAsync("HARBOR.contoso.com", default));
    }

    [Theory]
    [InlineData("BaseRegistryUser", "octo", "GAN8080", "BaseRegistryUser is set and BaseRegistryPassword is not")]
    [InlineData("BaseRegistryPassword", "s3cret!", "GAN8080", "BaseRegistryPassword is set and BaseRegistryUser is not")]
    public async Task Half_of_a_credential_is_refused_without_its_value(string variable, string value, string code, string problem)
    {
        var error = await Assert.ThrowsAsync<GantryException>(async () => await Create((variable, value)).FindAsync("ghcr.io", default));
        Assert.Equal(code, error.Code);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$(GhcrToken)", true)]
    [InlineData("a$(b)c", false)]
    [InlineData("$(", false)]
    public async Task A_variable_that_the_agent_does_not_know_is_refused(string password, bool refused)
    {
        var passwords = Create(("BaseRegistryUser", "octo"), ("BaseRegistryPassword", password));
        if (!refused)
        {
            Assert.Equal(new PasswordCredential("octo", password), await passwords.FindAsync("ghcr.io", default));
            return;
        }

        var error = await Assert.ThrowsAsync<GantryException>(async () => await passwords.FindAsync("ghcr.io", default));
        Assert.Equal("GAN7055", error.Code);
        Assert.Contains("BaseRegistryPassword", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_is_masked_in_what_the_build_prints()
    {
        await Create(("BaseRegistryUser", "octo"), ("BaseRegistryPassword", "a-very-long-password")).FindAsync("ghcr.io", default);
        Assert.DoesNotContain(
            "a-very-long-password",
            ((DisplayText)$"the registry says {"a-very-long-password"}").ToString(BuildOutput.Secrets),
            StringComparison.Ordinal);
    }

    private static RegistryPasswords Create(params (string Name, string Value)[] variables) =>
        new(Registries, name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
