using Perennial.Agent.Configuration;

namespace Perennial.Agent.Tests.Commands;

public sealed class ConfigurationTests
{
    private const string Least = """
        {
          // comments are welcome
          "provisioning": { "host": "dps.example", "idScope": "0ne00000001", "registrationId": "lamp-1" },
          "trustBundle": "/etc/trust.pem",
        }
        """;

    [Fact]
    public void Little_is_needed()
    {
        var configuration = Read(Least);
        Assert.Equal((443, 8883, "/var/lib/perennial-agent"), (configuration.Provisioning.Port, configuration.Hub.Port, configuration.State));
        Assert.Equal((2.0 / 3.0, true, false), (configuration.Roll.Share, configuration.StaysConnected, configuration.Keys.IsToken));
    }

    [Fact]
    public void The_documented_example_is_one()
    {
        var configuration = Read(ExampleOf(File.ReadAllText(Path.Combine(Root(), "docs", "agent.md"))));
        Assert.NotNull(configuration.Publish);
        Assert.False(configuration.StaysConnected);
    }

    [Theory]
    [InlineData("\"trustBundle\"", "\"trustbundel\"", "trustbundel")]
    [InlineData("\"host\": \"dps.example\", ", "", "host")]
    [InlineData("lamp-1", "lamp 1", "provisioning.registrationId")]
    [InlineData("dps.example", "https://dps.example/", "provisioning.host")]
    [InlineData("\"trustBundle\"", "\"roll\": {\"share\": 1.5}, \"trustBundle\"", "roll.share")]
    [InlineData("\"trustBundle\"", "\"roll\": {\"share\": 0.94}, \"trustBundle\"", "roll.spread")]
    [InlineData("\"trustBundle\"", "\"keys\": {\"kind\": \"tpm\"}, \"trustBundle\"", "keys.kind")]
    [InlineData("\"trustBundle\"", "\"keys\": {\"kind\": \"pkcs11\"}, \"trustBundle\"", "module, token and pinFile")]
    [InlineData("\"trustBundle\"", "\"keys\": {\"labels\": [\"one\"]}, \"trustBundle\"", "two different labels")]
    [InlineData("\"trustBundle\"", "\"onboarding\": {\"certificate\": \"a\"}, \"trustBundle\"", "onboarding needs")]
    [InlineData("\"trustBundle\"", "\"publish\": {\"directory\": \"a\", \"keyMode\": \"0644\"}, \"trustBundle\"", "publish.keyMode")]
    [InlineData("\"trustBundle\"", "\"hub\": {\"port\": 0}, \"trustBundle\"", "port")]
    public void What_cannot_be_is_named(string from, string to, string expected)
    {
        var refusal = Assert.Throws<AgentException>(() => Read(Least.Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var text = Least.Replace("lamp-1", "lamp 1", StringComparison.Ordinal).Replace("0ne00000001", "a/b", StringComparison.Ordinal);
        var refusal = Assert.Throws<AgentException>(() => Read(text));
        Assert.Contains("provisioning.idScope", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("provisioning.registrationId", refusal.Message, StringComparison.Ordinal);
    }

    private static string ExampleOf(string page)
    {
        var start = page.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    private static AgentConfiguration Read(string text)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        try
        {
            return AgentConfiguration.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
