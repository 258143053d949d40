using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Perennial.Server.Instances;

namespace Perennial.Server.Portal.Access;

/// <summary>The keys that protect forms, as files that only their owner reads. They outlive the process, so a form that was open stays valid.</summary>
internal sealed class PortalKeys(string keysFolder) : IXmlRepository
{
    private const string Beginning = "portal-";
    private const string Ending = ".xml";

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Directory.EnumerateFiles(keysFolder, Beginning + "*" + Ending).Order(StringComparer.Ordinal).Select(path => XElement.Load(path))];

    public void StoreElement(XElement element, string friendlyName) =>
        AtomicFile.WriteSecret(Path.Combine(keysFolder, Beginning + friendlyName + Ending), Encoding.UTF8.GetBytes(element.ToString()));
}
