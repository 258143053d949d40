using Perennial.Architecture.Tests.Rules;

namespace Perennial.Architecture.Tests;

public sealed class NameTests
{
    [Fact]
    public void No_folder_has_an_empty_name() => Finding.AssertNone(Repository.Sources.SelectMany(NameRules.Folders));

    [Fact]
    public void No_type_has_an_empty_name() => Finding.AssertNone(Repository.Sources.SelectMany(NameRules.Types));

    [Fact]
    public void Replacing_a_certificate_is_called_roll() => Finding.AssertNone(Repository.Product.SelectMany(NameRules.Verbs));

    [Theory]
    [InlineData("src/Perennial.Hub/Helpers/A.cs", 1)]
    [InlineData("src/Perennial.Hub/Shared/Devices/A.cs", 1)]
    [InlineData("src/Perennial.Hub/Devices/A.cs", 0)]
    public void An_empty_folder_name_is_found(string path, int expected) =>
        Assert.Equal(expected, NameRules.Folders(SourceFile.Parse(path, "")).Count());

    [Theory]
    [InlineData("class DeviceManager;", 1)]
    [InlineData("class DeviceService;", 1)]
    [InlineData("class Drain : BackgroundService;", 0)]
    [InlineData("class DrainService : BackgroundService;", 0)]
    [InlineData("interface IDeviceUtils;", 1)]
    [InlineData("record TwinData;", 1)]
    [InlineData("record TwinMetadata;", 0)]
    [InlineData("record X509CertificateInfo;", 0)]
    [InlineData("record X509Info;", 1)]
    [InlineData("record SharedAccessSignature;", 0)]
    [InlineData("enum Common;", 1)]
    public void An_empty_type_name_is_found(string text, int expected) =>
        Assert.Equal(expected, NameRules.Types(Sample.Of(text)).Count());

    [Theory]
    [InlineData("class A { public void RenewCertificate() { } }", 1)]
    [InlineData("class A { public int RotationCount { get; } }", 1)]
    [InlineData("class A { public int RotationCount; private int _refreshed; }", 1)]
    [InlineData("interface A { void Refresh(); }", 1)]
    [InlineData("enum A { Renewed, Rolled }", 1)]
    [InlineData("class A { public void RollCertificate() { } void Renew() { } }", 0)]
    public void Another_word_for_roll_is_found(string text, int expected) =>
        Assert.Equal(expected, NameRules.Verbs(Sample.Of(text)).Count());
}
