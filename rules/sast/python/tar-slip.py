import tarfile
import zipfile


def unpack(path, folder):
    with tarfile.open(path) as archive:
        # ruleid: andon.python.tar-slip
        archive.extractall(folder)
        # ruleid: andon.python.tar-slip
        archive.extract("data.json", path=folder)
        # ok: andon.python.tar-slip
        archive.extractall(folder, filter="data")
        # ok: andon.python.tar-slip
        archive.extractall(folder, members=checked(archive))
        # ok: andon.python.tar-slip
        return archive.extractfile("data.json")


def stream(body, folder):
    archive = tarfile.open(fileobj=body, mode="r|gz")
    # ruleid: andon.python.tar-slip
    archive.extractall()
    # ruleid: andon.python.tar-slip
    tarfile.open(body).extractall(path=folder)


def filtered(path):
    archive = tarfile.open(path)
    archive.extraction_filter = tarfile.data_filter
    # ok: andon.python.tar-slip
    archive.extractall()


def unzip(path, folder):
    with zipfile.ZipFile(path) as archive:
        # ok: andon.python.tar-slip
        archive.extractall(folder)
