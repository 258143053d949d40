using System.Security.Cryptography;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Tests;

public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(KeyAlgorithm.P256)]
    [InlineData(KeyAlgorithm.P384)]
    [InlineData(KeyAlgorithm.Rsa2048)]
    public void A_key_comes_back_as_it_was_written(KeyAlgorithm algorithm)
    {
        using var key = PrivateKey.Create(algorithm);
        KeyFile.Write(PathOf("a.key"), key);
        using var read = KeyFile.Read(PathOf("a.key"));
        Assert.Equal(key.ExportPem(), read.ExportPem());
    }

    [Fact]
    public void Only_the_owner_may_read_a_key_file_also_when_it_replaces_one_that_all_may_read()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        File.WriteAllText(PathOf("a.key"), "open to all");
        File.SetUnixFileMode(PathOf("a.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        using var key = PrivateKey.Create(KeyAlgorithm.P256);
        KeyFile.Write(PathOf("a.key"), key);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("a.key")));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void A_key_does_not_tell_its_secret_as_text()
    {
        using var key = PrivateKey.Create(KeyAlgorithm.P256);
        Assert.Equal("ECDSA private key, 256 bits", key.ToString());
    }

    [Fact]
    public void What_is_no_key_is_refused_without_repeating_it()
    {
        File.WriteAllText(PathOf("a.key"), "secret words");
        var fault = Assert.Throws<CryptographicException>(() => KeyFile.Read(PathOf("a.key")));
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        File.WriteAllText(PathOf("b.key"), new string('x', 70_000));
        Assert.Throws<InvalidDataException>(() => KeyFile.Read(PathOf("b.key")));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
