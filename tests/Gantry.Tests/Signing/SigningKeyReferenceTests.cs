using Gantry.Signing;

namespace Gantry.Tests.Signing;

public sealed class SigningKeyReferenceTests
{
    private const string Version = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("keys/prod.pem")]
    [InlineData("/agent/_temp/key.pem")]
    [InlineData(@"C:\agent\_temp\key.pem")]
    [InlineData("keys with spaces/ü.pem")]
    [InlineData("prod")]
    public void A_path_is_a_key_file(string text)
    {
        var reference = Assert.IsType<KeyFileReference>(SigningKeyReference.Parse(text));

        Assert.Equal(text, reference.Path);
        Assert.Equal(text, reference.ToString());
        Assert.False(reference.IsPattern);
        Assert.Same(reference, reference.ForEnvironment("any thing"));
    }

    [Fact]
    public void A_path_starts_at_the_root()
    {
        var root = Path.GetFullPath("root");

        Assert.Equal(Path.Combine(root, "keys", "prod.pem"), KeyFile("keys/prod.pem").GetFullPath(root));
        Assert.Equal(Path.GetFullPath("/a/key.pem"), KeyFile("/a/key.pem").GetFullPath(root));

        static KeyFileReference KeyFile(string text) => (KeyFileReference)SigningKeyReference.Parse(text);
    }

    [Theory]
    [InlineData("https://contoso.vault.azure.net/keys/prod", "contoso.vault.azure.net", "prod", null)]
    [InlineData("https://Contoso.Vault.Azure.Net/keys/Prod-1/", "contoso.vault.azure.net", "Prod-1", null)]
    [InlineData("https://contoso.vault.azure.net/keys/prod/" + Version, "contoso.vault.azure.net", "prod", Version)]
    [InlineData("https://contoso.vault.azure.cn/keys/prod", "contoso.vault.azure.cn", "prod", null)]
    [InlineData("https://contoso.vault.usgovcloudapi.net/keys/prod", "contoso.vault.usgovcloudapi.net", "prod", null)]
    [InlineData("https://contoso.managedhsm.azure.net/keys/prod", "contoso.managedhsm.azure.net", "prod", null)]
    [InlineData("azurekms://contoso.vault.azure.net/prod", "contoso.vault.azure.net", "prod", null)]
    [InlineData("azurekms://contoso.vault.azure.net/prod/" + Version, "contoso.vault.azure.net", "prod", Version)]
    public void An_address_is_a_key_in_Key_Vault(string text, string host, string name, string? version)
    {
        var reference = Assert.IsType<KeyVaultKeyReference>(SigningKeyReference.Parse(text));

        Assert.Equal((host, name, version), (reference.Host, reference.Name, reference.Version));
        Assert.Equal(reference, SigningKeyReference.Parse(reference.Text));
        Assert.StartsWith($"https://{host}/keys/{name}", reference.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string[]> Commands => new()
    {
        { "command:sign", ["sign"] },
        { "command: sign  --slot 1  2 ", ["sign", "--slot", "1", "2"] },
        { "COMMAND:sign", ["sign"] },
        { "command:'C:\\Program Files\\sign.exe' --key 'prod 1'", [@"C:\Program Files\sign.exe", "--key", "prod 1"] },
        { "command:sign \"it's\" a'b c'd ''", ["sign", "it's", "ab cd", ""] },
        { "command:sign '{\"a\":1}' $HOME ; |", ["sign", "{\"a\":1}", "$HOME", ";", "|"] },
        { "command:sign \"'\"'\"'", ["sign", "'\""] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_a_program_with_arguments(string text, string[] words)
    {
        var reference = Assert.IsType<CommandKeyReference>(SigningKeyReference.Parse(text));

        Assert.Equal(words, reference.Arguments.Prepend(reference.Program));
        Assert.Equal(reference, SigningKeyReference.Parse(reference.Text));
        Assert.Equal(reference.GetHashCode(), SigningKeyReference.Parse(reference.Text).GetHashCode());
    }

    [Theory]
    [InlineData("keys/{environment}.pem", "keys/prod.pem")]
    [InlineData("https://contoso-{environment}.vault.azure.net/keys/gantry", "https://contoso-prod.vault.azure.net/keys/gantry")]
    [InlineData("https://contoso.vault.azure.net/keys/{environment}-{environment}", "https://contoso.vault.azure.net/keys/prod-prod")]
    [InlineData("azurekms://contoso.vault.azure.net/{environment}", "https://contoso.vault.azure.net/keys/prod")]
    [InlineData("command:sign --key {environment} 'x {environment}'", "command:sign --key prod 'x prod'")]
    public void The_placeholder_is_the_name_of_the_environment(string text, string expected)
    {
        var pattern = SigningKeyReference.Parse(text);

        Assert.True(pattern.IsPattern);
        Assert.Equal(SigningKeyReference.Parse(expected), pattern.ForEnvironment("prod"));
        Assert.False(pattern.ForEnvironment("prod").IsPattern);
        Assert.NotEqual(pattern.ForEnvironment("prod"), pattern.ForEnvironment("test"));
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData(@"a\b")]
    [InlineData("a b")]
    [InlineData("evil.example/#")]
    [InlineData("")]
    [InlineData("-rf")]
    public void A_name_that_leads_elsewhere_is_refused(string name)
    {
        string[] patterns = ["keys/{environment}.pem", "azurekms://a-{environment}.vault.azure.net/b", "command:a {environment}"];
        foreach (var text in patterns)
            SampleKeys.Fails("GAN4241", () => SigningKeyReference.Parse(text).ForEnvironment(name));
    }

    [Fact]
    public void A_name_that_a_vault_cannot_have_is_refused() =>
        SampleKeys.Fails("GAN4240", () => SigningKeyReference.Parse("https://a.vault.azure.net/keys/{environment}").ForEnvironment("a_b"));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("keys/prod.pem\n")]
    [InlineData("http://contoso.vault.azure.net/keys/prod")]
    [InlineData("https://contoso.vault.azure.net/secrets/prod")]
    [InlineData("https://contoso.vault.azure.net/keys/")]
    [InlineData("https://contoso.vault.azure.net/keys/prod/1")]
    [InlineData("https://contoso.vault.azure.net/keys/prod/" + Version + "/sign")]
    [InlineData("https://contoso.vault.azure.net:8443/keys/prod")]
    [InlineData("https://user@contoso.vault.azure.net/keys/prod")]
    [InlineData("https://contoso.vault.azure.net/keys/prod?api-version=7.4")]
    [InlineData("https://contoso.vault.azure.net/keys/pr%6fd")]
    [InlineData("https://contoso.vault.azure.net.evil.example/keys/prod")]
    [InlineData("https://a.b.vault.azure.net/keys/prod")]
    [InlineData("https://evilvault.azure.net/keys/prod")]
    [InlineData("https://vault.azure.net/keys/prod")]
    [InlineData("https://{other}.vault.azure.net/keys/prod")]
    [InlineData("azurekms://contoso.vault.azure.net/keys/prod")]
    [InlineData("awskms:///arn:aws:kms:eu-west-1:1:key/1")]
    [InlineData("gcpkms://projects/p")]
    [InlineData("pkcs11:token=x")]
    [InlineData("env://KEY")]
    [InlineData("keys/{env}.pem")]
    [InlineData("command:")]
    [InlineData("command:   ")]
    [InlineData("command:''")]
    [InlineData("command:sign\t1")]
    [InlineData("command:sign 'open")]
    [InlineData("command:sign \"open")]
    public void Anything_else_is_an_error(string text)
    {
        var error = SampleKeys.Fails("GAN4240", () => SigningKeyReference.Parse(text));

        Assert.Contains("keys/prod.pem", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_the_place_of_its_name_is_not_shown()
    {
        using var key = SampleKeys.Create();
        var pem = key.ExportPkcs8PrivateKeyPem();

        foreach (var lineBreak in (IEnumerable<string>)["\n", "", " "])
        {
            var text = pem.Replace("\n", lineBreak, StringComparison.Ordinal);
            var error = SampleKeys.Fails("GAN4240", () => SigningKeyReference.Parse(text));
            Assert.DoesNotContain(pem[30..50], error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_very_long_text_is_an_error() =>
        SampleKeys.Fails("GAN4240", () => SigningKeyReference.Parse(new string('a', Limits.PathLength + 1)));
}
