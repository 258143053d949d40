namespace Perennial.X509.Tests;

public sealed class CertificateRefusalsTests
{
    public static TheoryData<int> Numbers => [.. CertificateRefusals.All.Select(r => r.Number)];

    [Fact]
    public void Numbers_and_names_are_unique()
    {
        Assert.Equal(Enumerable.Range(2001, CertificateRefusals.All.Count), CertificateRefusals.All.Select(r => r.Number));
        Assert.Equal(CertificateRefusals.All.Count, CertificateRefusals.All.Select(r => r.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_reason_that_is_declared_is_listed()
    {
        var declared = typeof(CertificateRefusals).GetProperties().Where(p => p.PropertyType == typeof(RefusalReason));
        Assert.Equal(declared.Select(p => (RefusalReason)p.GetValue(null)!).OrderBy(r => r.Number), CertificateRefusals.All);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_reason_has_its_page(int number)
    {
        var reason = CertificateRefusals.All.Single(r => r.Number == number);
        var page = File.ReadAllText(Path.Combine(Repository(), "docs", "refusals", $"{number}.md"));
        Assert.Contains($"# {number}", page, StringComparison.Ordinal);
        Assert.True(page.TrimEnd().Split('\n').Length <= 25, "A page has at most 25 lines.");
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", reason.Name);
        Assert.EndsWith(".", reason.Title, StringComparison.Ordinal);
        Assert.EndsWith(".", reason.Remedy, StringComparison.Ordinal);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }
}
